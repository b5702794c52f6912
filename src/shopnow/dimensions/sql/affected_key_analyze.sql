-- Purpose: the planner knows how many keys are folded: of a few the rest of the dimension is not read.
-- Grain: none.
-- Parameters: none.
ANALYZE affected_key
