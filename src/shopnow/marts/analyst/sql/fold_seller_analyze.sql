-- Purpose: the planner knows how many sellers there are in a month.
-- Parameters: none.
ANALYZE fold_seller
