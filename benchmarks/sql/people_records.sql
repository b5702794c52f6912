-- Purpose: which line of the sealed file speaks of whom.
INSERT INTO privacy.subject_record (subject_no, delivery_key, line_no, record_no)
SELECT
    s.subject_no,
    f.delivery_key,
    s.subject_no,
    s.subject_no
FROM privacy.subject AS s
CROSS JOIN staging.delivery_file AS f
