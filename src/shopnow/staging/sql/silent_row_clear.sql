-- Purpose: remove the staging rows of some deliveries.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]).
DELETE FROM staging.silent_row
WHERE delivery_key = any(%(deliveries)s)
