-- Purpose: recent rows of a journal table. Parts: table, columns, dated (its time), since.
COPY (
    SELECT {columns} FROM {table}
    WHERE {dated} >= {since}
) TO STDOUT
