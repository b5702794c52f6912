-- Purpose: the numbers of some roles.
-- Grain: one row a role.
-- Parameters: roles (text[]).
SELECT oid AS number
FROM pg_catalog.pg_roles
WHERE rolname = ANY(%(roles)s)
