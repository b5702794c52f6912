-- Purpose: the planner knows how much there is to follow.
-- Grain: none.
-- Parameters: none.
ANALYZE retie_pair
