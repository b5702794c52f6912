-- Purpose: the planner knows what a partition holds.
-- Grain: none.
-- Parameters: {partition}, {columns}.
ANALYZE {partition} ({columns})
