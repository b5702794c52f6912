-- Purpose: tables and views with their comments; partitions stand behind their parents.
-- Grain: table or view.
-- Parameters: owner, the role that owns the schemas.

SELECT
    space.nspname AS schema_name,
    relation.relname AS relation_name,
    CASE relation.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind,
    pg_get_partkeydef(relation.oid) AS partition_key,
    relation.relpersistence = 'u' AS is_unlogged,
    obj_description(relation.oid, 'pg_class') AS comment
FROM pg_class AS relation
INNER JOIN pg_namespace AS space ON relation.relnamespace = space.oid
WHERE
    space.nspowner = to_regrole(%(owner)s)
    AND space.nspname <> 'public'
    AND space.nspname NOT LIKE 'pg\_%%'
    AND relation.relkind IN ('r', 'p', 'v', 'm')
    AND NOT relation.relispartition
ORDER BY
    space.nspname,
    relation.relname;
