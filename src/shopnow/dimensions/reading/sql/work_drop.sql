-- Purpose: an empty place for a work table.
-- Grain: none.
-- Parameters: {table}.
DROP TABLE IF EXISTS {table}
