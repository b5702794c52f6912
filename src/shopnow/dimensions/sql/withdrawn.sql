-- Purpose: keys that a full delivery no longer holds: those last stated, before its time, by the same
-- sender, feed and source, and not withdrawn already.
-- Grain: one row a key and delivery.
-- Parameters: lowest (the hash of withdrawals); {staging}, {log}, {key}, {key_of_l}, {key_of_s}, {same_log}, {same_l_s}, {same_b_s}.
INSERT INTO by_scope (
    {key}, effective_at, source_rank, content_hash, kind, delivery_key
)
WITH stated AS (
    SELECT DISTINCT
        f.delivery_key,
        {key_of_l}
    FROM full_scope AS f
    INNER JOIN {log} AS l
        ON l.delivery_key = f.said_key
            -- What it has just said itself it holds.
            AND f.said_key <> f.delivery_key
            AND l.effective_at <= f.effective_at
            AND l.source_rank > 0
            AND l.kind IN ('upsert', 'confirm')
    WHERE NOT EXISTS (
            SELECT 1
            FROM staging.delivery_difference AS difference
            WHERE difference.delivery_key = f.delivery_key
        )
        {absent_keys}
),

-- Materialized: the planner takes what follows for one row, and would read staging once a key.
absent AS MATERIALIZED (
    SELECT l.*
    FROM stated AS l
    WHERE NOT EXISTS (
            SELECT 1
            FROM {staging} AS s
            WHERE s.delivery_key = l.delivery_key
                AND NOT s.is_embedded
                -- A deletion dated later than the list leaves its key silent until then.
                AND NOT (
                    s.is_deletion
                    AND s.effective_at <= (
                        SELECT f.effective_at
                        FROM full_now AS f
                        WHERE f.delivery_key = l.delivery_key
                    )
                )
                AND {same_log}
        )
)

SELECT
    {key_of_s},
    f.effective_at,
    f.source_rank,
    %(lowest)s::bigint,
    'delete',
    f.delivery_key
FROM absent AS s
INNER JOIN full_now AS f
    ON f.delivery_key = s.delivery_key
CROSS JOIN
    LATERAL (
        SELECT
            b.kind,
            b.state,
            b.delivery_key
        FROM {log} AS b
        WHERE {same_b_s}
            AND b.effective_at <= f.effective_at
            AND b.source_rank > 0
            AND b.kind <> 'silent'
            AND b.state IN ('applied', 'pending')
        ORDER BY
            b.effective_at DESC, b.source_rank DESC, b.source_sequence DESC NULLS LAST,
            b.content_hash DESC
        LIMIT 1
    ) AS before
INNER JOIN staging.delivery AS said_by
    ON said_by.delivery_key = before.delivery_key
        AND said_by.sender_no = f.sender_no
        AND said_by.feed = f.feed
        AND said_by.source = f.source
WHERE (before.kind <> 'delete' OR before.state = 'pending')
    AND NOT EXISTS (
        SELECT 1
        FROM {log} AS l
        WHERE {same_log}
            AND l.effective_at = f.effective_at
            AND l.delivery_key = f.delivery_key
            AND l.kind = 'silent'
    )
