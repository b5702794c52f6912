-- Purpose: make the role of an access.
-- Parameters: {role}, {login} a word, {connections}, {until}.
CREATE ROLE {role} WITH
NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT
{login} CONNECTION LIMIT {connections} VALID UNTIL {until}
