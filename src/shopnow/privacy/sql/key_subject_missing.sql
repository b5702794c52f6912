-- Purpose: subjects asked for that have no key yet (SQLite).
-- Grain: one row a subject.
SELECT w.subject_no
FROM wanted AS w
WHERE
    NOT EXISTS (
        SELECT 1 FROM subject_key AS k
        WHERE k.subject_no = w.subject_no
    )
ORDER BY w.subject_no
