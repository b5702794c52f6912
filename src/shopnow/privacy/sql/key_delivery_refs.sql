-- Purpose: references of the delivery keys older than an instant (SQLite).
-- Grain: one row a delivery. Parameters: created_before in seconds since 1970 UTC.
SELECT ref
FROM delivery_key
WHERE created_at < :created_before
ORDER BY ref
