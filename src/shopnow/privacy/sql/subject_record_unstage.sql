-- Purpose: a transaction may note records several times.
DROP TABLE pg_temp.subject_record_said
