-- Purpose: let a login of the pages take roles, without having their rights at once.
-- Parameters: {roles}, {member}.
GRANT {roles} TO {member} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE -- noqa: PRS
