-- Purpose: the rows of a table, ready to be copied in.
-- Parameters: {columns}, {table}.
COPY {table} ({columns}) TO STDOUT WITH (FORMAT binary) -- noqa: PRS
