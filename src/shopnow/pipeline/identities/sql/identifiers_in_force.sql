-- Purpose: where an identifier leads to now, by source system, and since when.
-- Grain: one row a source system.
-- Parameters: seller_id.
SELECT
    known.source,
    known.seller_no,
    known.valid_from
FROM security.seller_identifier AS known
WHERE known.seller_id = %(seller_id)s
    AND known.valid_to = '9999-12-31 00:00+00'
ORDER BY known.source
