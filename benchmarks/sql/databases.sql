-- Purpose: the databases of the server that runs work in.
-- Grain: one row a database.
SELECT datname
FROM pg_database
WHERE datallowconn
    AND NOT datistemplate
