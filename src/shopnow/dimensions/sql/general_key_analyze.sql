-- Purpose: the planner knows how many keys go through the fold.
-- Grain: none.
-- Parameters: none.
ANALYZE general_key
