-- Purpose: columns of tables and views, one line each: place, type, rule, rights.
SELECT
    'column ' || c.oid::regclass::text || '.' || a.attname
    || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
    || CASE WHEN a.attgenerated <> '' THEN ' generated ' || a.attgenerated::text ELSE '' END
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    || coalesce(' rights ' || (SELECT string_agg(r::text, ' ' ORDER BY r::text) FROM unnest(a.attacl) AS r), '')
        AS line
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a
    ON c.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d
    ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE
    c.relkind IN ('r', 'p', 'v', 'm')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND n.nspname NOT LIKE 'pg\_temp%'
    AND n.nspname NOT LIKE 'restore\_%'
