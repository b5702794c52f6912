-- Purpose: the planner knows how many versions stand, and how many are folded.
-- Grain: none.
-- Parameters: none.
ANALYZE existing, folded
