-- Purpose: set the password of a role that has just been made.
-- Parameters: {role} its identifier, {verifier} the SCRAM verifier, computed by the client.
ALTER ROLE {role} PASSWORD {verifier};
