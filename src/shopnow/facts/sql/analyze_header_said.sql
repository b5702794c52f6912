-- Purpose: the planner knows the work table's size.
-- Grain: none.
-- Parameters: none.
ANALYZE header_said (order_id, customer_no)
