-- Purpose: one writer at a time; the lock goes with the transaction.
-- Grain: one row.
-- Parameters: none.
SELECT lock_no
FROM journal.loader_lock
WHERE lock_no = 1
FOR UPDATE
