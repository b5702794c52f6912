-- Purpose: make a login of the pages: no right of its own but to connect.
-- Parameters: {role}, {verifier}.
CREATE ROLE {role} WITH
NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS LOGIN PASSWORD {verifier}
