-- Purpose: the old queries are asked of the views.
-- Grain: none.
-- Parameters: none.
SET LOCAL search_path TO legacy, pg_temp
