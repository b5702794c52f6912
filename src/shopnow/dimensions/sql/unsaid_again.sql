-- Purpose: the other statements of a small batch: those that the log holds already, word for word.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]); {staging}, {key_of_s}.
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
WHERE s.delivery_key = any(%(deliveries)s)
    AND s.ctid NOT IN (
        SELECT unsaid.place
        FROM unsaid
    )
