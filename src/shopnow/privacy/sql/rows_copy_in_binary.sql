-- Purpose: append rows given in the binary format of COPY to a table.
-- Parameters: {table}, {columns}.
COPY {table} ({columns}) FROM STDIN (FORMAT "binary")
