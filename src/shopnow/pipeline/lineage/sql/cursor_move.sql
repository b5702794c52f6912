-- Purpose: a run was told.
-- Grain: one row.
-- Parameters: run_id.
UPDATE journal.lineage_cursor
SET last_run_id = %(run_id)s
