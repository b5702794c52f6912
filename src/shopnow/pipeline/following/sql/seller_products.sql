-- Purpose: how many products a seller has, by status.
-- Grain: one row a status.
-- Parameters: seller_no.
SELECT
    CASE
        WHEN p.is_deleted THEN 'withdrawn'
        WHEN p.is_inferred THEN 'inferred'
        ELSE coalesce(p.status, 'unknown')
    END AS status,
    count(*) AS products
FROM dwh.dim_product AS p
WHERE p.seller_no = %(seller_no)s
    AND p.is_current
    AND p.product_key >= 0
GROUP BY 1
ORDER BY products DESC
