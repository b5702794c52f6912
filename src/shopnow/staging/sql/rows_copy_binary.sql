-- Purpose: rows in bulk, in COPY's binary format.
-- Grain: one row a tuple.
-- Parameters: {table}, {columns}.
COPY {table} ({columns}) FROM STDIN WITH (FORMAT "binary")
