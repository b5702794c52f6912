-- Purpose: stored payments give way to later statements.
-- Grain: one row a payment.
-- Parameters: none.
DELETE FROM dwh.fact_payment AS stored
USING payment_ranked AS ranked
WHERE ranked.place = 1
    AND ranked.is_later
    AND stored.order_id = ranked.order_id
    AND stored.payment_no = ranked.payment_no
    AND stored.order_on = ranked.stored_on
