-- Purpose: take in rows kept as text. Parts: table, columns.
COPY {table} ({columns}) FROM STDIN
