-- Purpose: every relation with rows of its own, catalogues and partitions included.
-- Grain: one row a relation.
SELECT
    n.nspname AS schema_name,
    c.relname AS table_name
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind IN ('r', 'm')
    AND NOT pg_is_other_temp_schema(n.oid)
    AND has_table_privilege(c.oid, 'SELECT')
ORDER BY n.nspname, c.relname
