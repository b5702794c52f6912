-- Purpose: the planner knows the work table's size.
-- Grain: none.
-- Parameters: none.
ANALYZE order_known (order_id)
