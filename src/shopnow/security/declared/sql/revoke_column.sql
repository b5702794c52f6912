-- Purpose: take a right on one column from a role.
-- Parameters: {action} a word, {column}, {target}, {role}.
REVOKE {action} ({column}) ON TABLE {target} FROM {role} CASCADE
