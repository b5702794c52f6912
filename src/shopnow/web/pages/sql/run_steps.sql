-- Purpose: each step of a run, delivery by delivery, and how many there are in all.
-- Grain: one row a step.
-- Parameters: run_id, now, most.
SELECT
    step.step_no,
    step.step,
    step.delivery_key,
    step.batch_no,
    step.status,
    step.rows_in,
    step.rows_out,
    step.rows_rejected,
    extract(EPOCH FROM step.started_at - run.started_at)::float AS from_seconds,
    extract(
        EPOCH FROM coalesce(step.ended_at, run.ended_at, %(now)s::timestamptz) - step.started_at
    )::float AS seconds,
    count(*) OVER () AS steps
FROM journal.step AS step
INNER JOIN journal.run AS run
    ON run.run_id = step.run_id
WHERE step.run_id = %(run_id)s
ORDER BY step.step_no
LIMIT %(most)s
