-- Purpose: destroy the key of a subject (SQLite).
-- Parameters: subject_no.
DELETE FROM subject_key
WHERE subject_no = :subject_no
