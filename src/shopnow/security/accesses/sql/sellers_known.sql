-- Purpose: the sellers that some identifiers lead to now, in every source system.
-- Grain: one row an identifier and seller.
-- Parameters: seller_ids (text[]).
SELECT DISTINCT
    seller_id,
    seller_no
FROM security.seller_identifier
WHERE
    seller_id = ANY(%(seller_ids)s)
    AND valid_to = '9999-12-31 00:00+00'
