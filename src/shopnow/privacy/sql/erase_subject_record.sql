-- Purpose: where these persons are spoken of is known no more.
-- Grain: one row a record.
DELETE FROM privacy.subject_record AS r
USING pg_temp.erased_person AS p
WHERE r.subject_no = p.subject_no
