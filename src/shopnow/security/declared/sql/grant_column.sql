-- Purpose: give a role a right on one column.
-- Parameters: {action} a word, {column}, {target}, {role}.
GRANT {action} ({column}) ON TABLE {target} TO {role}
