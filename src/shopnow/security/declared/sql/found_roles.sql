-- Purpose: what the roles of the server may be.
-- Grain: one row a role, those of PostgreSQL itself left out.
-- Parameters: none.
SELECT
    rolname AS name,
    rolcanlogin AS login,
    rolbypassrls AS bypass,
    rolreplication AS replication,
    rolsuper AS superuser,
    rolcreaterole AS create_role,
    rolcreatedb AS create_database
FROM pg_catalog.pg_roles
WHERE rolname NOT LIKE 'pg\_%%'
