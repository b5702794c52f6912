-- Purpose: the delivered records that speak of these persons.
-- Grain: one row a record.
CREATE TEMPORARY TABLE erased_record ON COMMIT DROP AS
SELECT DISTINCT
    r.delivery_key,
    spoken.line_no,
    spoken.record_no
FROM privacy.subject_record AS r
INNER JOIN pg_temp.erased_person AS p ON r.subject_no = p.subject_no
CROSS JOIN LATERAL unnest(r.line_nos, r.record_nos) AS spoken (line_no, record_no)
