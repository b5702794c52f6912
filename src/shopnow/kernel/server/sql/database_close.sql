-- Purpose: take from everybody the right to connect and to make temporary tables.
-- Parameters: {database} its identifier.
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
