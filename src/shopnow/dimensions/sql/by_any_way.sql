-- Purpose: the planner chooses again; see `by_place`.
-- Parameters: none.
SET LOCAL enable_hashjoin = on
