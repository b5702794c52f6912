-- Purpose: give a role a right on a schema.
-- Parameters: {action} a word, {target}, {role}.
GRANT {action} ON SCHEMA {target} TO {role}
