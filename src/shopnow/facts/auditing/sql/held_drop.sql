-- Purpose: an empty place for the keys of the next dimension.
-- Grain: none.
-- Parameters: none.
DROP TABLE IF EXISTS pg_temp.held_key
