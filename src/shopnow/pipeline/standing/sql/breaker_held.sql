-- Purpose: deliveries that an opening of a breaker holds still.
-- Grain: one row a delivery.
-- Parameters: breaker_no.
SELECT delivery.delivery_key
FROM quality.breaker_hold AS hold
INNER JOIN staging.delivery AS delivery
    ON delivery.delivery_key = hold.delivery_key
WHERE hold.breaker_no = %(breaker_no)s
    AND delivery.state = 'held'
ORDER BY delivery.delivery_key
