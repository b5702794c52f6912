-- Purpose: the sealed values of these persons; their keys are destroyed already.
-- Grain: one row a value.
DELETE FROM privacy.vault AS v
USING pg_temp.erased_person AS p
WHERE v.subject_no = p.subject_no
