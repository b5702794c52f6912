-- Purpose: the planner knows what a work table of the month holds before others are joined to it.
-- Parameters: {table}.
ANALYZE {table}
