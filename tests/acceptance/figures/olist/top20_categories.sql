-- Purpose: the sender's category words that sold most, by the product's version as of the line.
-- Grain: one row a category word; null is "none".
SELECT
    product.source_category AS category_pt,
    count(*) AS items,
    sum(line.line_amount) AS revenue_price
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key
GROUP BY product.source_category
ORDER BY revenue_price DESC
LIMIT 20;
