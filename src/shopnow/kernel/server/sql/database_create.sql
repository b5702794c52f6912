-- Purpose: let the owner of the schemas make them.
-- Parameters: {database} its identifier, {role} the owner.
GRANT CREATE ON DATABASE {database} TO {role};
