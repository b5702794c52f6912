-- Purpose: what sellers are called.
-- Grain: one row a seller.
-- Parameters: seller_nos (integer[]).
SELECT
    known.seller_no,
    min(known.seller_id) AS seller_id
FROM security.seller_identifier AS known
WHERE
    known.seller_no = ANY(%(seller_nos)s)
    AND known.valid_to = '9999-12-31 00:00+00'
GROUP BY known.seller_no
