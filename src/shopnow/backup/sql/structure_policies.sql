-- Purpose: row policies, one line each.
SELECT
    'policy ' || format('%I.%I', p.schemaname, p.tablename) || ' ' || p.policyname
    || ' ' || p.permissive || ' ' || p.cmd || ' to ' || array_to_string(p.roles, ',')
    || coalesce(' using ' || p.qual, '') || coalesce(' check ' || p.with_check, '') AS line
FROM pg_policies AS p
WHERE p.schemaname NOT LIKE 'restore\_%'
