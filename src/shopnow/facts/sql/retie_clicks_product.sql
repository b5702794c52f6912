-- Purpose: clicks of a product's version that vanished follow to the one that holds at their time.
-- Grain: one row a click.
-- Parameters: none.
UPDATE dwh.fact_clickstream AS click
SET product_key = product.product_key
FROM vanished
INNER JOIN dwh.dim_product AS product
    ON product.seller_no = vanished.seller_no
        AND product.product_id = vanished.product_id
WHERE click.seller_no = vanished.seller_no
    AND click.product_key = vanished.product_key
    AND (product.version = 1 OR product.valid_from <= click.event_at)
    AND click.event_at < product.valid_to
