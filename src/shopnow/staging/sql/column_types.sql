-- Purpose: the types of a table's columns.
-- Grain: one row a column.
-- Parameters: %(table)s, a qualified and quoted name.
SELECT
    attname AS name,
    format_type(atttypid, atttypmod) AS written
FROM pg_catalog.pg_attribute
WHERE
    attrelid = %(table)s::regclass
    AND attnum > 0
    AND NOT attisdropped
