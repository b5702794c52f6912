-- Purpose: tables with their stored columns, types and key; partitions too, under their own name.
-- Grain: one table. key: columns of the primary key, null without one.
SELECT
    c.oid::regclass::text AS name,
    array_agg(a.attname ORDER BY a.attnum) AS columns,
    array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
    (
        SELECT array_agg(k.attname ORDER BY k.attnum)
        FROM pg_index AS x
        INNER JOIN pg_attribute AS k
            ON x.indrelid = k.attrelid AND k.attnum = ANY(x.indkey)
        WHERE x.indrelid = c.oid AND x.indisprimary
    ) AS key,
    c.relispartition AS is_partition
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a
    ON c.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE
    c.relkind IN ('r', 'p')
    AND c.relpersistence = 'p'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'restore\_%'
GROUP BY c.oid
ORDER BY 1
