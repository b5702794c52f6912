-- Purpose: runs with what they took in, newest first.
-- Grain: one row a run.
-- Parameters: before (bigint or null), most.
SELECT
    run.run_id,
    run.started_at,
    run.status,
    extract(EPOCH FROM run.ended_at - run.started_at)::float AS seconds,
    done.deliveries,
    done.rows_in,
    done.rows_rejected,
    done.failed_step
FROM journal.run AS run
CROSS JOIN
    LATERAL (
        SELECT
            count(DISTINCT step.delivery_key) AS deliveries,
            sum(step.rows_in) FILTER (WHERE step.step = 1)::bigint AS rows_in,
            sum(step.rows_rejected) FILTER (WHERE step.step = 2)::bigint AS rows_rejected,
            min(step.step) FILTER (WHERE step.status IN ('FAIL', 'ABANDONED')) AS failed_step
        FROM journal.step AS step
        WHERE step.run_id = run.run_id
    ) AS done
WHERE (%(before)s::bigint IS NULL OR run.run_id < %(before)s)
ORDER BY run.run_id DESC
LIMIT %(most)s
