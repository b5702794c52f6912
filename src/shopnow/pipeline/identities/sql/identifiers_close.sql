-- Purpose: an identifier no longer leads to its old owner.
-- Grain: one row a source system.
-- Parameters: seller_id, systems (text[]), valid_from.
UPDATE security.seller_identifier
SET valid_to = %(valid_from)s
WHERE seller_id = %(seller_id)s
    AND source = any(%(systems)s)
    AND valid_to = '9999-12-31 00:00+00'
