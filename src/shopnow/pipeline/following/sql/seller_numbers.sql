-- Purpose: the sellers that an identifier leads to, in any source system; their own number too.
-- Grain: one row a seller.
-- Parameters: seller (text).
SELECT DISTINCT d.seller_no
FROM dwh.dim_seller AS d
LEFT JOIN security.seller_identifier AS i
    ON i.seller_no = d.seller_no
WHERE d.seller_id = %(seller)s
    OR i.seller_id = %(seller)s
    OR d.seller_no::text = %(seller)s
ORDER BY d.seller_no
