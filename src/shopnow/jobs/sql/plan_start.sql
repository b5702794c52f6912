-- Purpose: a task is started.
-- Grain: one row.
-- Parameters: now, task.
UPDATE jobs.plan
SET
    started_at = %(now)s,
    status = 'running'
WHERE task = %(task)s
