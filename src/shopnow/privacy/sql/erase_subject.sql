-- Purpose: nothing that names these persons leads to them any more.
-- Grain: one row a person.
-- Parameters: run_at.
UPDATE privacy.subject AS s
SET
    lookup = p.fresh_lookup,
    email_lookup = NULL,
    erased_at = %(run_at)s
FROM pg_temp.erased_person AS p
WHERE s.subject_no = p.subject_no
