-- Purpose: revenue of each product category; a line without price adds nothing.
-- Grain: one row a category.
-- Parameters: none.
SELECT
    p.category,
    sum(o.quantity * o.unit_price) AS revenue
FROM fact_order AS o
INNER JOIN dim_product AS p
    ON o.product_id = p.product_id
GROUP BY p.category
ORDER BY p.category
