-- Purpose: append rows given as CSV to a table.
-- Parameters: {table}, {columns}; a field without quotes and without content is null.
COPY {table} ({columns}) FROM STDIN (FORMAT csv)
