-- Purpose: the planner counts a table again.
-- Grain: none.
-- Parameters: {table}.
ANALYZE {table}
