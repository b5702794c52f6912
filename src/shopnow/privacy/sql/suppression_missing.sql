-- Purpose: which entries of the ledger this warehouse has not taken over.
-- Grain: one row a person.
-- Parameters: digests (bytea[]).
SELECT given.digest
FROM unnest(%(digests)s::bytea[]) AS given (digest)
WHERE NOT EXISTS (
        SELECT 1
        FROM privacy.suppression AS s
        WHERE s.digest = given.digest
    )
