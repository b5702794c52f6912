-- Purpose: an empty place for what is bound anew.
-- Grain: none.
-- Parameters: none.
DROP TABLE IF EXISTS pg_temp.retie_moved
