-- Purpose: act with the rights of a role until the transaction ends.
-- Parameters: {role} identifier of the role.
SET LOCAL ROLE {role};
