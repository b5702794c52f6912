-- Purpose: empty places for work tables.
-- Grain: none.
-- Parameters: {tables}.
DROP TABLE IF EXISTS {tables}
