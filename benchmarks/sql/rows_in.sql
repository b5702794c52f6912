-- Purpose: ready rows into an empty table.
-- Parameters: {copy}, {columns}.
COPY {copy} ({columns}) FROM STDIN WITH (FORMAT binary) -- noqa: PRS
