-- Purpose: rows of these deliveries no longer stand apart: they were taken in, or removed.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]).
DELETE FROM staging.copied_apart
WHERE delivery_key = any(%(deliveries)s)
