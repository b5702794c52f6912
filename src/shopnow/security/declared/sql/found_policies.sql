-- Purpose: the row policies of the warehouse.
-- Grain: one row a policy.
-- Parameters: none.
SELECT
    policy.schemaname || '.' || policy.tablename AS relation,
    policy.policyname AS name,
    lower(policy.cmd) AS command,
    policy.roles::text[] AS roles,
    policy.qual AS using_text,
    policy.with_check AS check_text,
    policy.permissive = 'PERMISSIVE' AS is_permissive
FROM pg_catalog.pg_policies AS policy
