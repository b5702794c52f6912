-- Purpose: lines whose product has no category word.
-- Grain: one row.
SELECT
    count(*) AS items,
    sum(line.line_amount) AS revenue_price
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key
WHERE product.source_category IS NULL;
