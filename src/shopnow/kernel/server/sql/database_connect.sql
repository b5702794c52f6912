-- Purpose: let the roles of the warehouse connect.
-- Parameters: {database} its identifier, {roles} the roles.
GRANT CONNECT ON DATABASE {database} TO {roles};
