-- Purpose: persons by number.
-- Grain: one row a person.
-- Parameters: subjects (bigint[]).
SELECT
    s.subject_no,
    s.kind,
    s.lookup,
    s.email_lookup
FROM privacy.subject AS s
WHERE s.erased_at IS NULL
    AND s.subject_no = any(%(subjects)s::bigint[])
ORDER BY s.subject_no
