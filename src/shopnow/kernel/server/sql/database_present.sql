-- Purpose: whether the server has a database.
-- Grain: one row if it has, none otherwise.
-- Parameters: %(database)s its name.
SELECT datname
FROM pg_catalog.pg_database
WHERE datname = %(database)s;
