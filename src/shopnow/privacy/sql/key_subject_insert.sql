-- Purpose: keep the wrapped key of a new subject (SQLite).
-- Parameters: subject_no, wrapped, created_at in seconds since 1970 UTC.
INSERT INTO subject_key (subject_no, wrapped, created_at)
VALUES (:subject_no, :wrapped, :created_at)
