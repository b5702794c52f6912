-- Purpose: the products of some sellers as they are now, to compare new ones with.
-- Grain: one row a product, at most `most` of them.
-- Parameters: sellers (integer[]), most.
SELECT
    seller_no,
    product_id,
    title,
    brand,
    gtin
FROM dwh.dim_product
WHERE seller_no = any(%(sellers)s)
    AND is_current
    AND NOT is_deleted
    AND NOT is_inferred
LIMIT %(most)s
