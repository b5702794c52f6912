-- Purpose: a task has ended.
-- Grain: one row.
-- Parameters: now, said, status, task.
UPDATE jobs.plan
SET
    ended_at = %(now)s,
    status = %(status)s,
    said = %(said)s,
    failures = CASE WHEN %(status)s = 'failed' THEN failures + 1 ELSE 0 END
WHERE task = %(task)s
RETURNING failures
