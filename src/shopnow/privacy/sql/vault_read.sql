-- Purpose: the sealed values of some subjects.
-- Grain: one row a subject and attribute.
-- Parameters: subjects (bigint[]).
SELECT
    v.subject_no,
    v.attribute,
    v.nonce,
    v.ciphertext
FROM privacy.vault AS v
WHERE v.subject_no = ANY(%(subjects)s)
