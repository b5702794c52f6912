-- Purpose: which roles the server has.
-- Grain: one row a role.
-- Parameters: none.
SELECT rolname
FROM pg_catalog.pg_roles;
