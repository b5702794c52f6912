-- Purpose: a table as text.
-- Grain: one row a row.
-- Parameters: {table}.
COPY (SELECT t::text FROM {table} AS t) TO STDOUT
