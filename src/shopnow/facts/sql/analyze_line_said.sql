-- Purpose: the planner knows the work table's size.
-- Grain: none.
-- Parameters: none.
ANALYZE line_said (order_id, product_id)
