-- Purpose: the statement that makes a bare copy of a table's stored columns. Grain: one row.
-- Parameters: table, schema and name of the copy.
SELECT
    format(
        'CREATE UNLOGGED TABLE %%I.%%I (%%s)',
        %(schema)s::text,
        %(name)s::text,
        string_agg(
            format('%%I %%s', a.attname, format_type(a.atttypid, a.atttypmod)),
            ', ' ORDER BY a.attnum
        )
    ) AS statement
FROM pg_attribute AS a
WHERE
    a.attrelid = %(table)s::regclass
    AND a.attnum > 0
    AND NOT a.attisdropped
    AND a.attgenerated = ''
