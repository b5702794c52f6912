-- Purpose: the names of all roles.
-- Grain: one row a role.
-- Parameters: none.
SELECT rolname
FROM pg_roles
