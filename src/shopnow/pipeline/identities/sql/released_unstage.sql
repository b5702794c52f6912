-- Purpose: what was released is loaded.
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]).
DELETE FROM staging.seller_row
WHERE delivery_key = any(%(deliveries)s)
