-- Purpose: how many rows there are beside. Part: table. Grain: one row.
SELECT count(*) AS row_count
FROM {table}
