-- Purpose: be alone in telling until the transaction ends; up to which run it was told.
-- Grain: one row.
-- Parameters: none.
SELECT last_run_id
FROM journal.lineage_cursor
FOR UPDATE
