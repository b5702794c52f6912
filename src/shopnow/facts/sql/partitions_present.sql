-- Purpose: partitions that exist.
-- Grain: one row a partition.
-- Parameters: none.
SELECT part.relname
FROM pg_catalog.pg_inherits AS link
INNER JOIN pg_catalog.pg_class AS part
    ON part.oid = link.inhrelid
INNER JOIN pg_catalog.pg_namespace AS space
    ON space.oid = part.relnamespace
WHERE space.nspname = 'dwh'
    AND part.relkind IN ('r', 'p')
