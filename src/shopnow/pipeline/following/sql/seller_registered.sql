-- Purpose: since when a seller has its number.
-- Grain: one row.
-- Parameters: seller_no.
SELECT s.opened_on
FROM security.seller AS s
WHERE s.seller_no = %(seller_no)s
