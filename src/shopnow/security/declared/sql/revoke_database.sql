-- Purpose: take a right on the connected database from a role.
-- Parameters: {action} a word, {target}, {role}.
REVOKE {action} ON DATABASE {target} FROM {role} CASCADE
