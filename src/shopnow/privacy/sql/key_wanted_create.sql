-- Purpose: the subjects asked for in this call, in memory (SQLite).
-- Grain: one row a subject.
CREATE TEMP TABLE wanted (subject_no INTEGER NOT NULL PRIMARY KEY)
