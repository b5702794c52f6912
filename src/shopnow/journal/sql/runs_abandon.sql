-- Purpose: runs that a dead process left open.
-- Grain: one row a run.
-- Parameters: ended_at, run_id (the living run, left alone).
UPDATE journal.run
SET
    ended_at = %(ended_at)s,
    status = 'abandoned'
WHERE status = 'running'
    AND run_id <> %(run_id)s
RETURNING run_id
