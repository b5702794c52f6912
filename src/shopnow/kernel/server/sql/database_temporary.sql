-- Purpose: let the roles that load make temporary tables.
-- Parameters: {database} its identifier, {roles} the roles.
GRANT TEMPORARY ON DATABASE {database} TO {roles};
