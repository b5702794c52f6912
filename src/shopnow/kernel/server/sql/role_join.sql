-- Purpose: make a role member of a group of PostgreSQL.
-- Parameters: {role} the member, {group} the group.
GRANT {group} TO {role};
