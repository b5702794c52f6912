-- Purpose: every table that holds rows, partitioned ones once. Grain: one table.
SELECT c.oid::regclass::text AS name
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
WHERE
    c.relkind IN ('r', 'p')
    AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\_temp%'
ORDER BY 1
