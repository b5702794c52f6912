-- Purpose: which work tables an earlier load of the transaction has left.
-- Grain: one row a table.
-- Parameters: names (text[]).
SELECT made.relname
FROM pg_catalog.pg_class AS made
WHERE made.relnamespace = pg_my_temp_schema()
    AND made.relname = any(%(names)s)
