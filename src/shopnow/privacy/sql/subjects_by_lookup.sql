-- Purpose: persons by the keyed hashes of their identifiers or of their e-mail address.
-- Grain: one row a person.
-- Parameters: lookups (bytea[]), email_lookups (bytea[]).
SELECT
    s.subject_no,
    s.kind,
    s.lookup,
    s.email_lookup
FROM privacy.subject AS s
WHERE s.erased_at IS NULL
    AND (s.lookup = any(%(lookups)s::bytea[]) OR s.email_lookup = any(%(email_lookups)s::bytea[]))
ORDER BY s.subject_no
