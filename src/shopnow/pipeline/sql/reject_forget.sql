-- Purpose: take back the rejects of a delivery that is taken in again.
-- Grain: one row a reject.
-- Parameters: delivery_key.
DELETE FROM quality.reject
WHERE delivery_key = %(delivery_key)s
