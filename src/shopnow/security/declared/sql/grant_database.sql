-- Purpose: give a role a right on the connected database.
-- Parameters: {action} a word, {target}, {role}.
GRANT {action} ON DATABASE {target} TO {role}
