-- Purpose: drop a database and end the sessions in it.
-- Parameters: {database} its identifier.
DROP DATABASE IF EXISTS {database} WITH (FORCE);
