-- Purpose: which line of the sealed file speaks of whom.
INSERT INTO privacy.subject_record (subject_no, delivery_key, line_nos, record_nos)
SELECT
    s.subject_no,
    f.delivery_key,
    ARRAY[s.subject_no],
    ARRAY[s.subject_no]
FROM privacy.subject AS s
CROSS JOIN staging.delivery_file AS f
