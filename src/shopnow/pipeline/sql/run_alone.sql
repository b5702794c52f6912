-- Purpose: one run at a time. The lock conflicts with itself alone: batches, and whoever else
-- writes, still serialise on the row of this table.
-- Grain: none.
-- Parameters: none.
LOCK TABLE journal.loader_lock IN SHARE UPDATE EXCLUSIVE MODE
