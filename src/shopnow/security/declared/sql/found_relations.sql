-- Purpose: the tables and views of the warehouse and how their rows are guarded; partitions are
-- told apart, what belongs to an extension is left out.
-- Grain: one row a relation.
-- Parameters: none.
SELECT
    space.nspname || '.' || relation.relname AS name,
    CASE
        WHEN relation.relispartition THEN 'partition'
        WHEN relation.relkind IN ('r', 'p') THEN 'table'
        WHEN relation.relkind = 'v' THEN 'view'
        ELSE 'other'
    END AS kind,
    relation.relrowsecurity AS row_security,
    relation.relforcerowsecurity AS is_forced,
    coalesce(relation.reloptions @> ARRAY['security_invoker=true'], FALSE) AS asks_as_invoker,
    pg_get_userbyid(relation.relowner) AS owner
FROM pg_catalog.pg_class AS relation
INNER JOIN pg_catalog.pg_namespace AS space
    ON relation.relnamespace = space.oid
WHERE
    relation.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND space.nspname NOT LIKE 'pg\_%%'
    AND space.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT 1
        FROM pg_catalog.pg_depend AS dependence
        WHERE dependence.classid = 'pg_class'::regclass
            AND dependence.objid = relation.oid
            AND dependence.deptype = 'e'
    )
