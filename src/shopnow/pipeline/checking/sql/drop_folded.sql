-- Purpose: an empty place for the work table of the next fold.
-- Grain: none.
-- Parameters: none.
DROP TABLE IF EXISTS pg_temp.folded
