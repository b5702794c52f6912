-- Purpose: the end of a run.
-- Grain: one row.
-- Parameters: run_id, ended_at, status.
UPDATE journal.run
SET
    ended_at = %(ended_at)s,
    status = %(status)s
WHERE run_id = %(run_id)s
