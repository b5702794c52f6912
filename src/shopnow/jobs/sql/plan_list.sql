-- Purpose: planned work in the order in which it comes.
-- Grain: one task.
-- Parameters: none.
SELECT
    task,
    title,
    rhythm,
    next_at,
    started_at,
    ended_at,
    status,
    said,
    failures
FROM jobs.plan
ORDER BY next_at, task
