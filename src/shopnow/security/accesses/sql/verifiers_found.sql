-- Purpose: the password verifiers of some roles; for the bootstrap superuser alone.
-- Grain: one row a role.
-- Parameters: roles (text[]).
SELECT
    rolname AS name,
    rolpassword AS verifier
FROM pg_catalog.pg_authid
WHERE rolname = ANY(%(roles)s)
