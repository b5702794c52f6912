-- Purpose: relations with a seller's number that the current role may read. Grain: one relation.
SELECT c.oid::regclass::text AS name
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a
    ON c.oid = a.attrelid AND a.attname = 'seller_no' AND NOT a.attisdropped
WHERE
    c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND has_schema_privilege(n.oid, 'USAGE')
    AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY 1
