-- Purpose: the statements of a small batch that the log does not hold yet word for word, by their place
-- in staging.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]), owners; {staging}, {log}, {same_log}, {batch} (the deliveries),
-- {is_near} (what the planner may read in one go).
CREATE TEMPORARY TABLE unsaid ON COMMIT DROP AS
SELECT s.ctid AS place
FROM {staging} AS s
WHERE s.delivery_key = any({batch})
    AND NOT EXISTS (
        SELECT 1
        FROM {log} AS l
        WHERE {same_log}
            AND l.effective_at = s.effective_at
            AND l.source_rank = s.source_rank
            AND l.source_sequence IS NOT DISTINCT FROM s.source_sequence
            -- Compared, not looked up: to pass over the sequence within the index costs more.
            AND l.content_hash IS NOT DISTINCT FROM s.content_hash
            AND {is_near}
    )
