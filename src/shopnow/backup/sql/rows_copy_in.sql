-- Purpose: the rows of a part, beside the live ones. Parts: columns, table.
COPY {table} ({columns}) FROM STDIN WITH (FORMAT binary) -- noqa: PRS
