-- Purpose: the ten products that sold most pieces.
-- Grain: one row a product.
-- Parameters: none.
SELECT
    p.product_id,
    p.name,
    sum(o.quantity) AS quantity
FROM fact_order AS o
INNER JOIN dim_product AS p
    ON o.product_id = p.product_id
GROUP BY p.product_id, p.name
ORDER BY quantity DESC, p.product_id ASC
OFFSET 0 ROWS -- noqa: PRS
FETCH NEXT 10 ROWS ONLY
