-- Purpose: all rows of a small journal table. Parts: table, columns.
COPY (SELECT {columns} FROM {table}) TO STDOUT
