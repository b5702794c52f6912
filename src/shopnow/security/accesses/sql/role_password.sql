-- Purpose: the password of a role, as the verifier that the client computed; null: none.
-- Parameters: {role}, {verifier}.
ALTER ROLE {role} PASSWORD {verifier}
