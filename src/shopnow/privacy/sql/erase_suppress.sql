-- Purpose: these persons must not come back with a later delivery.
-- Grain: one row a person.
-- Parameters: run_at.
INSERT INTO privacy.suppression (digest, kind, suppressed_at)
SELECT DISTINCT ON (p.digest)
    p.digest,
    p.kind,
    %(run_at)s
FROM pg_temp.erased_person AS p
ON CONFLICT (digest) DO NOTHING
