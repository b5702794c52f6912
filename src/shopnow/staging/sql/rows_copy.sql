-- Purpose: rows in bulk, in COPY's text format.
-- Grain: one row a line.
-- Parameters: {table}, {columns}.
COPY {table} ({columns}) FROM STDIN
