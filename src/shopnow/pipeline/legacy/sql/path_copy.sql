-- Purpose: the old queries are asked of the copy.
-- Grain: none.
-- Parameters: none.
SET LOCAL search_path TO pg_temp
