-- Purpose: say in the catalogue whose access a role is.
-- Parameters: {role}, {about}.
COMMENT ON ROLE {role} IS {about}
