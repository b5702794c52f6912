-- Purpose: take back the warnings of a delivery that is taken in again.
-- Grain: one row a warning.
-- Parameters: delivery_key.
DELETE FROM quality.warning
WHERE delivery_key = %(delivery_key)s
