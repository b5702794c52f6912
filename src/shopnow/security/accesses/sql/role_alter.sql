-- Purpose: bring the role of an access to what it is to be.
-- Parameters: {role}, {login} a word, {connections}, {until}.
ALTER ROLE {role} WITH
NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT
{login} CONNECTION LIMIT {connections} VALID UNTIL {until}
