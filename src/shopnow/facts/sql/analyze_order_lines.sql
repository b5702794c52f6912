-- Purpose: the planner knows the work table's size.
-- Grain: none.
-- Parameters: none.
ANALYZE order_lines (order_id)
