-- Purpose: no transaction of a writer is under way: each holds this row while it writes.
-- Grain: one row.
SELECT l.lock_no
FROM journal.loader_lock AS l
WHERE l.lock_no = 1
FOR UPDATE
