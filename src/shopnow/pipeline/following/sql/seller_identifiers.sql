-- Purpose: the names under which a seller is known, by source system.
-- Grain: one row an identifier and period.
-- Parameters: seller_no.
SELECT
    i.source,
    i.seller_id,
    i.valid_from,
    i.valid_to
FROM security.seller_identifier AS i
WHERE i.seller_no = %(seller_no)s
ORDER BY i.source, i.valid_from
