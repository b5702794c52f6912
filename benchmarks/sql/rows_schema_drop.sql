-- Purpose: the copies go away.
-- Parameters: none.
DROP SCHEMA IF EXISTS rows_alone CASCADE
