-- Purpose: what a role may be.
-- Parameters: {role}, {traits} words.
ALTER ROLE {role} WITH {traits}
