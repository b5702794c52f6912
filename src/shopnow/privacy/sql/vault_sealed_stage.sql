-- Purpose: the sealed values of the statements that are to be written.
-- Grain: one row a statement of vault_said.
CREATE TEMPORARY TABLE vault_sealed (
    statement_no bigint NOT NULL,
    nonce bytea NOT NULL,
    ciphertext bytea NOT NULL
) ON COMMIT DROP
