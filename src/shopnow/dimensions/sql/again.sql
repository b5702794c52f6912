-- Purpose: statements that the log holds already, word for word.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]), any_left (false: none is looked for); {staging}, {log}, {key_of_s}, {same_log}.
CREATE TEMPORARY TABLE again ON COMMIT DROP AS
SELECT
    {key_of_s},
    s.delivery_key,
    s.record_no,
    s.is_embedded,
    s.effective_at,
    s.source_rank,
    s.source_sequence,
    s.content_hash
FROM {staging} AS s
INNER JOIN {log} AS l
    ON {same_log}
        AND l.effective_at = s.effective_at
        AND l.source_rank = s.source_rank
        AND l.source_sequence IS NOT DISTINCT FROM s.source_sequence
        -- Compared, not looked up: to pass over the sequence within the index costs more than its rows.
        AND l.content_hash IS NOT DISTINCT FROM s.content_hash
WHERE s.delivery_key = any(%(deliveries)s)
    AND %(any_left)s
