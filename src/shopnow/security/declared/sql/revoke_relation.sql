-- Purpose: take a right on a table, view or partition from a role.
-- Parameters: {action} a word, {target}, {role}.
REVOKE {action} ON TABLE {target} FROM {role} CASCADE
