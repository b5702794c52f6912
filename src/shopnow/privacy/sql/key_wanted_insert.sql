-- Purpose: note a subject whose key is asked for; twice is once (SQLite).
-- Parameters: subject_no.
INSERT INTO wanted (subject_no) VALUES (:subject_no)
ON CONFLICT (subject_no) DO NOTHING
