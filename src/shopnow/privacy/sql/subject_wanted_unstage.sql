-- Purpose: a transaction may resolve subjects several times.
DROP TABLE pg_temp.subject_wanted
