-- Purpose: the planner knows the headers of known orders.
-- Grain: none.
-- Parameters: none.
ANALYZE header_now (order_id)
