-- Purpose: the planner knows how many deliveries spoke for the batch's scopes.
-- Grain: none.
-- Parameters: none.
ANALYZE full_scope
