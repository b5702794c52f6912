-- Purpose: which roles have a password, and an imprint that changes with it; for a superuser alone.
-- Grain: one row a role with a password.
-- Parameters: none.
SELECT
    rolname::text AS name,
    left(encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex'), 16) AS imprint
FROM pg_catalog.pg_authid
WHERE rolpassword IS NOT NULL
