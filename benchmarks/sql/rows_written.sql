-- Purpose: tables of the warehouse with the rows that were inserted since the database was made.
-- Grain: one row a table that is not partitioned itself.
-- Parameters: schemas (text[]).
SELECT
    stat.schemaname AS schema_name,
    stat.relname AS table_name,
    stat.n_tup_ins AS inserted
FROM pg_stat_user_tables AS stat
INNER JOIN pg_class AS rel
    ON rel.oid = stat.relid
        AND rel.relkind = 'r'
WHERE stat.schemaname = any(%(schemas)s)
ORDER BY stat.schemaname, stat.relname
