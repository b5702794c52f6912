-- Purpose: let a role call every function of a name.
-- Parameters: {target} functions with their arguments, {role}.
GRANT EXECUTE ON FUNCTION {target} TO {role}
