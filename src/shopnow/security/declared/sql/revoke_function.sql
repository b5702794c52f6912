-- Purpose: no longer let a role call the functions of a name.
-- Parameters: {target} functions with their arguments, {role}.
REVOKE EXECUTE ON FUNCTION {target} FROM {role} CASCADE
