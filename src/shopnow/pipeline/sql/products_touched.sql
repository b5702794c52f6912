-- Purpose: known products whose versions the batch may have changed, for the marts.
-- Grain: one row a product.
-- Parameters: none.
INSERT INTO touched_products (seller_no, product_id)
SELECT
    affected.seller_no,
    affected.product_id
FROM affected_key AS affected
