-- Purpose: the planner knows which known orders stand already.
-- Grain: none.
-- Parameters: none.
ANALYZE header_stored (order_id)
