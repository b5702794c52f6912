-- Purpose: records of full deliveries that repeat the value in force, stated last by the same sender,
-- feed and source: the delivery implies them, they need no row in the log.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]); {staging}, {log}, {key_of_staged},
-- {same_g_staged}, {same_b_s}.
INSERT INTO implied (delivery_key, record_no)
SELECT
    s.delivery_key,
    s.record_no
FROM (
    SELECT
        staged.*,
        count(*) OVER (PARTITION BY {key_of_staged}) AS told
    FROM {staging} AS staged
    -- Before the count: of a first load, where every key is new, nothing has to be sorted.
    INNER JOIN general_key AS g
        ON {same_g_staged}
    WHERE staged.delivery_key = any(%(deliveries)s)
) AS s
INNER JOIN full_now AS f
    ON f.delivery_key = s.delivery_key
        AND NOT f.is_timed
CROSS JOIN
    LATERAL (
        SELECT
            b.kind,
            b.content_hash,
            b.effective_at,
            b.state,
            b.delivery_key
        FROM {log} AS b
        WHERE {same_b_s}
            AND b.effective_at <= s.effective_at
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
-- A key that is stated twice in the batch is written out: what comes between is not known yet.
WHERE s.told = 1
    AND NOT s.is_deletion
    -- What is announced may be cancelled: nothing is built on it.
    AND before.state = 'applied'
    AND before.kind <> 'delete'
    AND before.content_hash = s.content_hash
    AND before.effective_at < s.effective_at
