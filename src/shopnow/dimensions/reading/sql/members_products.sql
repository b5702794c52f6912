-- Purpose: whether a seller has a product of that name.
-- Grain: one row, or none.
-- Parameters: seller_no (integer), word (text).
SELECT d.product_id
FROM dwh.dim_product AS d
WHERE d.seller_no = %(seller_no)s
    AND d.product_id = %(word)s
    AND d.valid_to = '9999-12-31 00:00+00'
