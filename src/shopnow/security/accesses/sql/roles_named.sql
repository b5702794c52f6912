-- Purpose: which of some names are roles of the server.
-- Grain: one row a role.
-- Parameters: roles (text[]).
SELECT rolname AS name
FROM pg_catalog.pg_roles
WHERE rolname = ANY(%(roles)s)
