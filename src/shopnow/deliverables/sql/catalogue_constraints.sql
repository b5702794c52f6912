-- Purpose: keys and checks of tables, keys first; NOT NULL stands with the columns.
-- Grain: constraint.
-- Parameters: owner, the role that owns the schemas.

SELECT
    space.nspname AS schema_name,
    relation.relname AS relation_name,
    found.conname AS constraint_name,
    pg_get_constraintdef(found.oid, TRUE) AS definition
FROM pg_constraint AS found
INNER JOIN pg_class AS relation ON found.conrelid = relation.oid
INNER JOIN pg_namespace AS space ON relation.relnamespace = space.oid
WHERE
    space.nspowner = to_regrole(%(owner)s)
    AND space.nspname <> 'public'
    AND space.nspname NOT LIKE 'pg\_%%'
    AND NOT relation.relispartition
    AND found.contype IN ('p', 'u', 'f', 'x', 'c')
ORDER BY
    space.nspname,
    relation.relname,
    array_position(ARRAY['p', 'u', 'x', 'f', 'c'], found.contype::text),
    found.conname;
