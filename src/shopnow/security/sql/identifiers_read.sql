-- Purpose: every identifier of a source system with the seller it leads to, by time.
-- Grain: one row an identifier and period.
-- Parameters: source.
SELECT
    seller_id,
    valid_from,
    valid_to,
    seller_no
FROM security.seller_identifier
WHERE source = %(source)s
ORDER BY seller_id, valid_from
