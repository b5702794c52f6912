-- Purpose: identifiers of a seller's products that begin alike, to suggest the nearest one.
-- Grain: one row a product.
-- Parameters: seller_no (integer), beginning (text).
SELECT d.product_id
FROM dwh.dim_product AS d
WHERE d.seller_no = %(seller_no)s
    AND d.valid_to = '9999-12-31 00:00+00'
    AND d.product_key > 0
    AND starts_with(d.product_id, %(beginning)s)
LIMIT 1000
