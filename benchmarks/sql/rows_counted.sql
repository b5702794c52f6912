-- Purpose: how many rows a table holds.
-- Grain: one row.
-- Parameters: {table}.
SELECT count(*) AS held FROM {table}
