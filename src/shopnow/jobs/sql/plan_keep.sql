-- Purpose: a task is in the plan; one that is there keeps its next time.
-- Grain: one row.
-- Parameters: next_at, rhythm, task, title.
INSERT INTO jobs.plan (task, title, rhythm, next_at)
VALUES (%(task)s, %(title)s, %(rhythm)s, %(next_at)s)
ON CONFLICT (task) DO UPDATE
    SET
        title = excluded.title,
        rhythm = excluded.rhythm
