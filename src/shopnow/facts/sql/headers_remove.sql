-- Purpose: headers of known orders give way to what they are now.
-- Grain: one row an order.
-- Parameters: none.
DELETE FROM dwh.fact_order_header AS stored
USING header_stored AS before
WHERE stored.order_id = before.order_id
    AND stored.order_on = before.order_on
