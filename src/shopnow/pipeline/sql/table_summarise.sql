-- Purpose: block ranges that a load appended are summarised at once, so that what is asked of the
-- time since does not read them (https://www.postgresql.org/docs/18/brin.html#BRIN-OPERATION).
-- Grain: one row a BRIN index.
-- Parameters: table_schema, table_name.
SELECT brin_summarize_new_values(index_of.indexrelid)
FROM pg_catalog.pg_index AS index_of
INNER JOIN pg_catalog.pg_class AS kind
    ON kind.oid = index_of.indexrelid
INNER JOIN pg_catalog.pg_am AS method
    ON method.oid = kind.relam
WHERE method.amname = 'brin'
    AND index_of.indrelid
    = (quote_ident(%(table_schema)s) || '.' || quote_ident(%(table_name)s))::regclass
