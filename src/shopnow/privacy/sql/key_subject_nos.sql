-- Purpose: subjects whose keys are older than an instant (SQLite).
-- Grain: one row a subject. Parameters: created_before in seconds since 1970 UTC.
SELECT subject_no
FROM subject_key
WHERE created_at < :created_before
ORDER BY subject_no
