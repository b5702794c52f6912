-- Purpose: a withdrawal counts where the key was last stated by the sender, feed and source that
-- withdraws it; one that a late statement put out of its scope counts no longer, and the reverse.
-- Grain: one row a withdrawal.
-- Parameters: run_at; {log}, {same_affected}, {same_b_l}, {same_w_l}, {key_of_l}.
UPDATE {log} AS w
SET state = l.weighed
FROM (
    SELECT
        {key_of_l},
        l.effective_at,
        l.delivery_key,
        CASE
            WHEN said_by.delivery_key IS NULL THEN 'superseded'
            WHEN l.effective_at > %(run_at)s THEN 'pending'
            ELSE 'applied'
        END AS weighed
    FROM {log} AS l
    INNER JOIN affected_key AS a
        ON {same_affected}
    INNER JOIN history.full_delivery AS f
        ON f.delivery_key = l.delivery_key
    LEFT JOIN
        LATERAL (
            SELECT b.delivery_key
            FROM {log} AS b
            WHERE {same_b_l}
                AND (b.effective_at, b.source_rank, coalesce(b.source_sequence, -1), b.content_hash)
                < (l.effective_at, l.source_rank, -1, l.content_hash)
                AND b.source_rank > 0
                AND b.kind IN ('upsert', 'confirm')
                AND b.state IN ('applied', 'pending')
            ORDER BY
                b.effective_at DESC, b.source_rank DESC, b.source_sequence DESC NULLS LAST,
                b.content_hash DESC
            LIMIT 1
        ) AS before
        ON TRUE
    LEFT JOIN staging.delivery AS said_by
        ON said_by.delivery_key = before.delivery_key
            AND said_by.sender_no = f.sender_no
            AND said_by.feed = f.feed
            AND said_by.source = f.source
    WHERE l.kind = 'delete'
        AND l.record_no = 0
        AND l.state <> 'cancelled'
) AS l
WHERE {same_w_l}
    AND w.effective_at = l.effective_at
    AND w.delivery_key = l.delivery_key
    AND w.kind = 'delete'
    AND w.record_no = 0
    AND w.state <> l.weighed
