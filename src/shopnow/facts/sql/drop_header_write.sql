-- Purpose: an empty place for the work table.
-- Grain: none.
-- Parameters: none.
DROP TABLE IF EXISTS pg_temp.header_write
