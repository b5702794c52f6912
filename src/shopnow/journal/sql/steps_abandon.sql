-- Purpose: steps that a dead process left open; the caller holds the loader lock, so none is alive.
-- Grain: one row a step.
-- Parameters: ended_at, run_id (the living run, left alone).
UPDATE journal.step
SET
    ended_at = %(ended_at)s,
    status = 'ABANDONED'
WHERE status = 'START'
    AND run_id <> %(run_id)s
