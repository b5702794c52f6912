-- Purpose: numbers of subjects to be looked at.
-- Grain: one row a subject.
CREATE TEMPORARY TABLE subject_number (subject_no bigint NOT NULL) ON COMMIT DROP
