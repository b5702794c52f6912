-- Purpose: the planner knows the lines of the general path.
-- Grain: none.
-- Parameters: none.
ANALYZE line_ranked (seller_no, order_id, line_no, place)
