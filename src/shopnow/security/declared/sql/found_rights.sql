-- Purpose: every right that somebody other than the object's owner has in this database: on the
-- database, its schemas, tables, views, partitions, columns, sequences and functions. What belongs
-- to an extension is left out: it lives in schema public, which nobody may enter.
-- Grain: one row a right.
-- Parameters: none.
WITH object AS (
    SELECT
        'database' AS kind,
        '' AS target,
        '' AS column_name,
        base.datdba AS owner,
        coalesce(base.datacl, acldefault('d', base.datdba)) AS rights
    FROM pg_catalog.pg_database AS base
    WHERE base.datname = current_database()
    UNION ALL
    SELECT
        'schema',
        space.nspname,
        '',
        space.nspowner,
        coalesce(space.nspacl, acldefault('n', space.nspowner))
    FROM pg_catalog.pg_namespace AS space
    WHERE space.nspname NOT LIKE 'pg\_%%' AND space.nspname <> 'information_schema'
    UNION ALL
    SELECT
        CASE
            WHEN relation.relkind = 'S' THEN 'sequence'
            WHEN relation.relispartition THEN 'partition'
            ELSE 'relation'
        END,
        space.nspname || '.' || relation.relname,
        '',
        relation.relowner,
        relation.relacl
    FROM pg_catalog.pg_class AS relation
    INNER JOIN pg_catalog.pg_namespace AS space
        ON relation.relnamespace = space.oid
    WHERE
        relation.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND relation.relacl IS NOT NULL
        AND space.nspname NOT LIKE 'pg\_%%'
        AND space.nspname <> 'information_schema'
        AND NOT EXISTS (
            SELECT 1
            FROM pg_catalog.pg_depend AS dependence
            WHERE dependence.classid = 'pg_class'::regclass
                AND dependence.objid = relation.oid
                AND dependence.deptype = 'e'
        )
    UNION ALL
    SELECT
        CASE WHEN relation.relispartition THEN 'partition' ELSE 'relation' END,
        space.nspname || '.' || relation.relname,
        attribute.attname,
        relation.relowner,
        attribute.attacl
    FROM pg_catalog.pg_attribute AS attribute
    INNER JOIN pg_catalog.pg_class AS relation
        ON attribute.attrelid = relation.oid
    INNER JOIN pg_catalog.pg_namespace AS space
        ON relation.relnamespace = space.oid
    WHERE
        attribute.attacl IS NOT NULL
        AND NOT attribute.attisdropped
        AND space.nspname NOT LIKE 'pg\_%%'
        AND space.nspname <> 'information_schema'
    UNION ALL
    SELECT
        'function',
        space.nspname || '.' || routine.proname,
        '',
        routine.proowner,
        coalesce(routine.proacl, acldefault('f', routine.proowner))
    FROM pg_catalog.pg_proc AS routine
    INNER JOIN pg_catalog.pg_namespace AS space
        ON routine.pronamespace = space.oid
    WHERE
        space.nspname NOT LIKE 'pg\_%%'
        AND space.nspname <> 'information_schema'
        AND NOT EXISTS (
            SELECT 1
            FROM pg_catalog.pg_depend AS dependence
            WHERE dependence.classid = 'pg_proc'::regclass
                AND dependence.objid = routine.oid
                AND dependence.deptype = 'e'
        )
)

SELECT DISTINCT
    object.kind,
    object.target,
    CASE
        WHEN given.grantee = 0 THEN 'PUBLIC'
        ELSE pg_get_userbyid(given.grantee)
    END AS role,
    lower(given.privilege_type) AS action,
    object.column_name,
    given.is_grantable
FROM object
CROSS JOIN LATERAL aclexplode(object.rights) AS given
WHERE given.grantee <> object.owner
