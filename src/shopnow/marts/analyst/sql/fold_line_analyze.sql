-- Purpose: the planner knows what the lines of a month are.
-- Parameters: none.
ANALYZE fold_line
