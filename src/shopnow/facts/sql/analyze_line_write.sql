-- Purpose: the planner knows the lines to write.
-- Grain: none.
-- Parameters: none.
ANALYZE line_write (seller_no, order_id, line_no)
