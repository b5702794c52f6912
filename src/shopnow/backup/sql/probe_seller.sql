-- Purpose: a seller that has rows of facts or products. Grain: at most one row.
SELECT p.seller_no
FROM dwh.dim_product AS p
WHERE p.seller_no > 0
ORDER BY p.seller_no
LIMIT 1
