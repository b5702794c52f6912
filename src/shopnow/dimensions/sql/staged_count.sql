-- Purpose: how many statements the batch holds.
-- Grain: one row.
-- Parameters: deliveries (bigint[]); {staging}.
SELECT count(*) AS statements
FROM {staging}
WHERE delivery_key = any(%(deliveries)s)
