-- Purpose: act as a role until the end of the transaction. Part: role.
SET LOCAL ROLE {role}
