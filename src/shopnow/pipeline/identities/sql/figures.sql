-- Purpose: a seller as it is now.
-- Grain: one row.
-- Parameters: seller_no.
SELECT
    d.seller_id,
    d.seller_name,
    d.legal_id,
    (
        SELECT count(*)
        FROM dwh.dim_product AS p
        WHERE p.seller_no = d.seller_no
            AND p.is_current
            AND NOT p.is_deleted
            AND p.product_key >= 0
    ) AS products
FROM dwh.dim_seller AS d
WHERE d.seller_no = %(seller_no)s
    AND d.is_current
