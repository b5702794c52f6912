-- Purpose: the statements that neither took the short way nor are known.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]); {staging}.
CREATE TEMPORARY TABLE general_said ON COMMIT DROP AS
SELECT s.*
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT EXISTS (
        SELECT 1
        FROM tip AS t
        WHERE t.delivery_key = s.delivery_key
            AND t.record_no = s.record_no
            AND NOT s.is_embedded
    )
    AND NOT EXISTS (
        SELECT 1
        FROM again AS a
        WHERE a.delivery_key = s.delivery_key
            AND a.record_no = s.record_no
            AND a.is_embedded = s.is_embedded
            AND a.content_hash = s.content_hash
    )
