-- Purpose: the columns of a table that are written, in their order: not those the server makes.
-- Grain: one row a column.
-- Parameters: schema_name, table_name.
SELECT attribute.attname
FROM pg_attribute AS attribute
INNER JOIN pg_class AS rel
    ON rel.oid = attribute.attrelid
        AND rel.relname = %(table_name)s
INNER JOIN pg_namespace AS space
    ON space.oid = rel.relnamespace
        AND space.nspname = %(schema_name)s
WHERE attribute.attnum > 0
    AND NOT attribute.attisdropped
    AND attribute.attgenerated = ''
ORDER BY attribute.attnum
