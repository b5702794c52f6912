-- Purpose: an identifier leads to its new owner.
-- Grain: one row a source system.
-- Parameters: seller_id, systems (text[]), valid_from, seller_no.
INSERT INTO security.seller_identifier (source, seller_id, valid_from, seller_no)
SELECT
    given.source,
    %(seller_id)s,
    %(valid_from)s,
    %(seller_no)s
FROM unnest(%(systems)s::text[]) AS given (source)
