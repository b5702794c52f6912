-- Purpose: the sellers as they are now, with what they have in the warehouse.
-- Grain: one row a seller; the reserved members below zero are left out.
-- Parameters: none.
SELECT
    d.seller_no,
    d.seller_id,
    d.seller_name,
    d.country,
    d.status,
    d.is_inferred,
    d.version AS versions,
    (
        SELECT count(*)
        FROM dwh.dim_product AS p
        WHERE p.seller_no = d.seller_no
            AND p.is_current
            AND NOT p.is_deleted
            AND p.product_key >= 0
    ) AS products,
    (
        SELECT max(v.received_at)
        FROM staging.delivery AS v
        WHERE v.sender_no = d.seller_no
    ) AS last_delivery_at
FROM dwh.dim_seller AS d
WHERE d.is_current
    AND d.seller_no >= 0
ORDER BY d.seller_no
