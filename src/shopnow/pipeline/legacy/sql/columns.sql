-- Purpose: the columns of a table of the former warehouse, none when there is no such table.
-- Grain: one row a column.
-- Parameters: table (text, qualified or found on the search path).
SELECT attribute.attname
FROM pg_catalog.pg_attribute AS attribute
WHERE attribute.attrelid = to_regclass(%(table)s)
    AND attribute.attnum > 0
    AND NOT attribute.attisdropped
ORDER BY attribute.attnum
