-- Purpose: codes that differ from another one by upper and lower case alone.
-- Grain: one row.
SELECT count(*) - count(DISTINCT lower(code.product_id)) AS codes
FROM (
    SELECT DISTINCT product.product_id
    FROM dwh.dim_product AS product
    WHERE product.seller_no = 0 AND product.product_id NOT LIKE '#%'
) AS code;
