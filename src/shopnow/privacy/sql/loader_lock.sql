-- Purpose: no load is under way while persons are erased; the lock goes with the transaction.
-- Grain: one row.
SELECT l.lock_no
FROM journal.loader_lock AS l
WHERE l.lock_no = 1
FOR UPDATE
