-- Purpose: take from a role every setting of its own.
-- Parameters: {role}.
ALTER ROLE {role} RESET ALL
