-- Purpose: rights on relations, schemas and functions, one line each.
SELECT 'grant ' || g.about || ' ' || g.item AS line
FROM (
    SELECT
        c.oid::regclass::text AS about,
        unnest(c.relacl)::text AS item
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n
        ON c.relnamespace = n.oid
    WHERE
        n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND n.nspname NOT LIKE 'pg\_temp%'
        AND n.nspname NOT LIKE 'restore\_%'
    UNION ALL
    SELECT
        'schema ' || s.nspname,
        unnest(s.nspacl)::text
    FROM pg_namespace AS s
    WHERE s.nspname NOT LIKE 'pg\_%' AND s.nspname NOT LIKE 'restore\_%'
    UNION ALL
    SELECT
        'function ' || f.oid::regprocedure::text,
        unnest(f.proacl)::text
    FROM pg_proc AS f
    INNER JOIN pg_namespace AS n
        ON f.pronamespace = n.oid
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
) AS g
