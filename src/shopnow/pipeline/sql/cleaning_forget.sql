-- Purpose: take back the cleanings of a delivery that is taken in again.
-- Grain: one row a cleaning.
-- Parameters: delivery_key.
DELETE FROM quality.cleaning
WHERE delivery_key = %(delivery_key)s
