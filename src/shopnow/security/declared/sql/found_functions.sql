-- Purpose: the signatures of the functions of the warehouse, by name.
-- Grain: one row a function.
-- Parameters: none.
SELECT
    space.nspname || '.' || routine.proname AS name,
    pg_get_function_identity_arguments(routine.oid) AS arguments
FROM pg_catalog.pg_proc AS routine
INNER JOIN pg_catalog.pg_namespace AS space
    ON routine.pronamespace = space.oid
WHERE
    space.nspname NOT LIKE 'pg\_%%'
    AND space.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT 1
        FROM pg_catalog.pg_depend AS dependence
        WHERE dependence.classid = 'pg_proc'::regclass
            AND dependence.objid = routine.oid
            AND dependence.deptype = 'e'
    )
