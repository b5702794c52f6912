-- Purpose: make a role a member of another. (The linter does not know these options.)
-- Parameters: {group}, {member}, {inherit} its rights at once, {become} may take it.
GRANT {group} TO {member} WITH INHERIT {inherit}, SET {become}, ADMIN FALSE -- noqa: PRS
