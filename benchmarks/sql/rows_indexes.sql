-- Purpose: statements that build the indexes of a table on its copy in the schema rows_alone.
-- Grain: one row an index.
-- Parameters: schema_name, table_name.
SELECT
    replace(
        pg_get_indexdef(made.indexrelid),
        format(' ON %%I.%%I ', space.nspname, rel.relname),
        format(' ON rows_alone.%%I ', rel.relname)
    ) AS statement
FROM pg_index AS made
INNER JOIN pg_class AS rel
    ON rel.oid = made.indrelid
        AND rel.relname = %(table_name)s
INNER JOIN pg_namespace AS space
    ON space.oid = rel.relnamespace
        AND space.nspname = %(schema_name)s
ORDER BY made.indexrelid
