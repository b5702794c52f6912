-- Purpose: indexes, constraints, views, functions and triggers, one line each.
SELECT
    'index ' || pg_get_indexdef(x.indexrelid)
    || CASE WHEN x.indisvalid THEN '' ELSE ' invalid' END AS line
FROM pg_index AS x
INNER JOIN pg_class AS c
    ON x.indexrelid = c.oid
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
WHERE
    n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND n.nspname NOT LIKE 'pg\_temp%'
    AND n.nspname NOT LIKE 'restore\_%'
UNION ALL
SELECT
    'constraint ' || k.conrelid::regclass::text || ' ' || k.conname || ' '
    || pg_get_constraintdef(k.oid)
FROM pg_constraint AS k
INNER JOIN pg_namespace AS n
    ON k.connamespace = n.oid
WHERE
    k.conrelid <> 0
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\_temp%'
    AND n.nspname NOT LIKE 'restore\_%'
UNION ALL
SELECT 'view ' || c.oid::regclass::text || ' ' || md5(pg_get_viewdef(c.oid))
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
WHERE
    c.relkind IN ('v', 'm')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT 'function ' || f.oid::regprocedure::text || ' ' || md5(pg_get_functiondef(f.oid))
FROM pg_proc AS f
INNER JOIN pg_namespace AS n
    ON f.pronamespace = n.oid
WHERE
    f.prokind IN ('f', 'p')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT 'trigger ' || t.tgrelid::regclass::text || ' ' || pg_get_triggerdef(t.oid)
FROM pg_trigger AS t
WHERE NOT t.tgisinternal
