-- Purpose: the persons of this erasure, with what replaces their names. The salt makes new names of
-- what others know them by; it is in no table that stays.
-- Grain: one row a person.
-- Parameters: subjects (bigint[]), digests, lookups, salts (bytea[]), of one length.
CREATE TEMPORARY TABLE erased_person ON COMMIT DROP AS
SELECT
    s.subject_no,
    s.kind,
    given.digest,
    given.fresh_lookup,
    given.salt
FROM unnest(%(subjects)s::bigint[], %(digests)s::bytea[], %(lookups)s::bytea[], %(salts)s::bytea[])
        AS given (subject_no, digest, fresh_lookup, salt)
INNER JOIN privacy.subject AS s ON given.subject_no = s.subject_no
WHERE s.erased_at IS NULL
