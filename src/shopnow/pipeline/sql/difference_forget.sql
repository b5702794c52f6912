-- Purpose: a delivery that is taken in again is compared again.
-- Grain: one row a delivery.
-- Parameters: delivery_key.
DELETE FROM staging.delivery_difference
WHERE delivery_key = %(delivery_key)s
