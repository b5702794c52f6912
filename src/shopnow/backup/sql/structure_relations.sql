-- Purpose: relations and what guards their rows, one line each, the same for the same structure.
SELECT
    'relation ' || c.oid::regclass::text || ' ' || c.relkind::text
    || CASE WHEN c.relrowsecurity THEN ' row security' ELSE '' END
    || CASE WHEN c.relforcerowsecurity THEN ' forced' ELSE '' END
    || ' owner ' || pg_get_userbyid(c.relowner)
    || coalesce(' options ' || c.reloptions::text, '')
    || coalesce(
        ' partition of ' || i.inhparent::regclass::text || ' '
        || pg_get_expr(c.relpartbound, c.oid), ''
    ) AS line
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
LEFT JOIN pg_inherits AS i
    ON c.oid = i.inhrelid AND c.relispartition
WHERE
    c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND n.nspname NOT LIKE 'pg\_temp%'
    AND n.nspname NOT LIKE 'restore\_%'
