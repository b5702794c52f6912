-- Purpose: the marts that the present role may read.
-- Grain: one row a table or view of schema mart.
-- Parameters: none.
SELECT
    mart.relname AS name,
    obj_description(mart.oid, 'pg_class') AS about,
    mart.relkind = 'v' AS is_view,
    mart.oid = ANY(ARRAY(
        SELECT part.attrelid
        FROM pg_catalog.pg_attribute AS part
        WHERE part.attname = 'refreshed_at'
            AND NOT part.attisdropped
    )) AS is_dated,
    NULL AS refreshed_at
FROM pg_catalog.pg_class AS mart
WHERE mart.relnamespace = 'mart'::regnamespace
    AND mart.relkind IN ('r', 'p', 'v')
    AND has_table_privilege(mart.oid, 'select')
ORDER BY mart.relname
