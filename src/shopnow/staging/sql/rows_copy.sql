-- Purpose: rows in bulk, as CSV.
-- Grain: one row a line.
-- Parameters: {table}, {columns}.
COPY {table} ({columns}) FROM STDIN (FORMAT CSV)
