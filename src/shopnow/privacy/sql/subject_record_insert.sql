-- Purpose: keep which records speak of whom; a record noted before stays as it is.
INSERT INTO privacy.subject_record (subject_no, delivery_key, line_no, record_no)
SELECT
    r.subject_no,
    r.delivery_key,
    r.line_no,
    r.record_no
FROM pg_temp.subject_record_said AS r
ON CONFLICT (subject_no, delivery_key, line_no, record_no) DO NOTHING
