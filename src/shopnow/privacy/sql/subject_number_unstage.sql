-- Purpose: a transaction may look at subjects several times.
DROP TABLE pg_temp.subject_number
