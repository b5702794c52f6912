-- Purpose: functions that run with the rights of their owner instead of the caller's.
-- Grain: one row a function.
-- Parameters: none.
SELECT DISTINCT space.nspname || '.' || routine.proname AS name
FROM pg_catalog.pg_proc AS routine
INNER JOIN pg_catalog.pg_namespace AS space
    ON routine.pronamespace = space.oid
WHERE
    routine.prosecdef
    AND space.nspname NOT LIKE 'pg\_%%'
    AND space.nspname <> 'information_schema'
