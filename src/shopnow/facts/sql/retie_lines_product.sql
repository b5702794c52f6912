-- Purpose: lines of a product's version that vanished follow to the one that holds at their time.
-- Grain: one row a line.
-- Parameters: none.
UPDATE dwh.fact_order AS line
SET
    product_key = product.product_key,
    category_id = product.category_id
FROM vanished
INNER JOIN dwh.dim_product AS product
    ON product.seller_no = vanished.seller_no
        AND product.product_id = vanished.product_id
WHERE line.seller_no = vanished.seller_no
    AND line.product_key = vanished.product_key
    AND (product.version = 1 OR product.valid_from <= line.ordered_at)
    AND line.ordered_at < product.valid_to
