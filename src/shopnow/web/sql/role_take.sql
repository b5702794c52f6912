-- Purpose: until the end of the transaction, everything is read with the rights of the person.
-- Grain: none.
-- Parameters: {role}.
SET LOCAL ROLE {role}
