-- Purpose: take a right on a schema from a role.
-- Parameters: {action} a word, {target}, {role}.
REVOKE {action} ON SCHEMA {target} FROM {role} CASCADE
