-- Purpose: every identifier in force, to find the one that was meant.
-- Grain: one row an identifier.
-- Parameters: none.
SELECT DISTINCT known.seller_id
FROM security.seller_identifier AS known
WHERE known.valid_to = '9999-12-31 00:00+00'
