-- Purpose: records after which something else is said of their key: they are not in force, or not for
-- ever. Those that took the short way are the last word.
-- Grain: one row a record.
-- Parameters: {log}, {key}, {same_log}.
SELECT
    s.delivery_key,
    s.record_no
FROM (
    SELECT
        {key},
        delivery_key,
        record_no,
        effective_at,
        source_rank,
        source_sequence,
        content_hash
    FROM general_said
    UNION ALL
    SELECT
        {key},
        delivery_key,
        record_no,
        effective_at,
        source_rank,
        source_sequence,
        content_hash
    FROM again
) AS s
WHERE EXISTS (
        SELECT 1
        FROM {log} AS l
        WHERE {same_log}
            AND l.source_rank > 0
            AND l.kind <> 'silent'
            AND l.state IN ('applied', 'pending')
            AND (l.effective_at, l.source_rank, coalesce(l.source_sequence, -1), l.content_hash)
            > (s.effective_at, s.source_rank, coalesce(s.source_sequence, -1), s.content_hash)
    )
