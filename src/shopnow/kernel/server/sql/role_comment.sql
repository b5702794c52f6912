-- Purpose: say in the catalogue what a role is for.
-- Parameters: {role} its identifier, {about} the sentence.
COMMENT ON ROLE {role} IS {about};
