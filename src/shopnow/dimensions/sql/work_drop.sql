-- Purpose: empty places for work tables.
-- Grain: none.
-- Parameters: {table}.
DROP TABLE IF EXISTS {table}
