-- Purpose: stored payments follow their order when its date moves.
-- Grain: one row a payment.
-- Parameters: none.
UPDATE dwh.fact_payment AS stored
SET order_on = header.order_on
FROM header_stored AS before
INNER JOIN header_now AS header
    ON header.order_id = before.order_id
WHERE stored.order_id = before.order_id
    AND stored.order_on = before.order_on
    AND header.order_on <> before.order_on
