-- Purpose: the job that is under way, if one is.
-- Grain: one row a job, at most one.
-- Parameters: none.
SELECT
    progress.last_due_no,
    progress.before_month
FROM history.retie_progress AS progress
ORDER BY progress.last_due_no
LIMIT 1
