-- Purpose: which of some staging tables hold anything.
-- Grain: one row a table.
-- Parameters: tables (text[]).
SELECT table_class.relname
FROM pg_class AS table_class
WHERE table_class.oid = any(%(tables)s::text[]::regclass[]::oid[])
    AND pg_relation_size(table_class.oid) > 0
