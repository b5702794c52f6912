-- Purpose: the rows of a part, from the source. Parts: columns, table, scope (a condition on t).
COPY (
    SELECT {columns}
    FROM {table} AS t
    WHERE {scope}
) TO STDOUT WITH (FORMAT binary) -- noqa: PRS
