-- Purpose: the wrapped keys of the subjects asked for (SQLite).
-- Grain: one row a subject.
SELECT
    k.subject_no,
    k.wrapped
FROM wanted AS w
INNER JOIN subject_key AS k ON w.subject_no = k.subject_no
