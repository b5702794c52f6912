-- Purpose: full deliveries with offers whose reference leads to no product yet withdraw nothing.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]).
UPDATE staging.delivery
SET absence_proven = FALSE
WHERE delivery_key = any(%(deliveries)s)
    AND mode = 'full'
    AND absence_proven IS NOT FALSE
