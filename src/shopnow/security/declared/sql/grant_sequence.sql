-- Purpose: give a role a right on a sequence.
-- Parameters: {action} a word, {target}, {role}.
GRANT {action} ON SEQUENCE {target} TO {role}
