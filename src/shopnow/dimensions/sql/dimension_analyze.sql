-- Purpose: the planner knows what the dimension holds after a large load.
-- Grain: none.
-- Parameters: {dim}, {key}.
ANALYZE {dim} ({key}, valid_from, valid_to, version)
