-- Purpose: give a role a right on a table or view.
-- Parameters: {action} a word, {target}, {role}.
GRANT {action} ON TABLE {target} TO {role}
