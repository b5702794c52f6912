-- Purpose: the products of some sellers as they are now, to compare new ones with: those that the
-- deliveries at hand do not speak of themselves.
-- Grain: one row a product, at most `most` of them.
-- Parameters: sellers (integer[]), deliveries (bigint[]), most.
SELECT
    p.seller_no,
    p.product_id,
    p.title,
    p.brand,
    p.gtin
FROM dwh.dim_product AS p
WHERE p.seller_no = any(%(sellers)s)
    AND p.is_current
    AND NOT p.is_deleted
    AND NOT p.is_inferred
    AND NOT EXISTS (
        SELECT
        FROM staging.product_row AS r
        WHERE r.delivery_key = any(%(deliveries)s)
            AND r.seller_no = p.seller_no
            AND r.product_id = p.product_id
            AND NOT r.is_embedded
            AND NOT r.is_deletion
    )
LIMIT %(most)s
