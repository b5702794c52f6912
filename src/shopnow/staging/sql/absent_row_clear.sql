-- Purpose: the products that deliveries may lack are not needed any more.
-- Grain: one row a product.
-- Parameters: deliveries (bigint[]).
DELETE FROM staging.absent_row
WHERE delivery_key = any(%(deliveries)s)
