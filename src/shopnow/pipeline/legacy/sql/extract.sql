-- Purpose: one table of the former warehouse as text, in an order that its content alone decides.
-- Grain: one line a row.
-- Parameters: none; composed of the table and its columns.
COPY (
    SELECT {columns}
    FROM (SELECT {columns} FROM {table}) AS former
    ORDER BY former::text COLLATE "C"
) TO STDOUT (FORMAT csv, HEADER)
