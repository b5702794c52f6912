-- Purpose: take a right on a sequence from a role.
-- Parameters: {action} a word, {target}, {role}.
REVOKE {action} ON SEQUENCE {target} FROM {role} CASCADE
