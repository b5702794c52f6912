-- Purpose: the tasks that are due, each moved to its next time.
-- Grain: one task.
-- Parameters: nexts, now, tasks.
UPDATE jobs.plan AS plan
SET next_at = later.next_at
FROM unnest(%(tasks)s::text[], %(nexts)s::timestamptz[]) AS later (task, next_at)
WHERE
    plan.task = later.task
    AND plan.next_at <= %(now)s
RETURNING plan.task
