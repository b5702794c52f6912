-- Purpose: wait for other loaders.
-- Grain: one row.
-- Parameters: none.
SELECT lock_no
FROM journal.loader_lock
FOR UPDATE
