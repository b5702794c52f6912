-- Purpose: orders of which nothing waits any more are complete.
-- Grain: one row an order.
-- Parameters: orders (text[]).
UPDATE dwh.fact_order_header
SET is_complete = TRUE
WHERE order_id = any(%(orders)s)
    AND NOT is_complete
