-- Purpose: the systems in which a seller's identifier is registered.
-- Grain: one row a system.
-- Parameters: sender.
SELECT DISTINCT source
FROM security.seller_identifier
WHERE seller_id = %(sender)s
ORDER BY source
