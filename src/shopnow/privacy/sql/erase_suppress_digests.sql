-- Purpose: persons of the ledger whom this warehouse does not know must not come in either.
-- Grain: one row a person.
-- Parameters: digests (bytea[]), kinds (text[]), of one length, run_at.
INSERT INTO privacy.suppression (digest, kind, suppressed_at)
SELECT DISTINCT ON (given.digest)
    given.digest,
    given.kind,
    %(run_at)s
FROM unnest(%(digests)s::bytea[], %(kinds)s::text[]) AS given (digest, kind)
ON CONFLICT (digest) DO NOTHING
