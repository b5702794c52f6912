-- Purpose: end a membership.
-- Parameters: {group}, {member}.
REVOKE {group} FROM {member} CASCADE
