-- Purpose: the sellers that a word may mean: their identifier in any source, or their number.
-- Grain: one row a seller.
-- Parameters: word (text).
SELECT
    d.seller_no,
    d.seller_id
FROM dwh.dim_seller AS d
WHERE d.valid_to = '9999-12-31 00:00+00'
    AND (
        d.seller_id = %(word)s
        OR d.seller_no::text = %(word)s
        OR EXISTS (
            SELECT 1
            FROM security.seller_identifier AS i
            WHERE i.seller_no = d.seller_no
                AND i.seller_id = %(word)s
        )
    )
ORDER BY d.seller_no
