-- Purpose: remove the role of an access that is over.
-- Parameters: {role}.
DROP ROLE {role}
