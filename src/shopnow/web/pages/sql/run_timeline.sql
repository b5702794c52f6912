-- Purpose: the six steps of a run on one line of time each, however many deliveries it took in.
-- Grain: one row a step; spans are {from, to, status} in five hundredths of the run, each once.
-- Parameters: run_id, now.
WITH timed AS (
    SELECT
        step.step,
        step.status,
        step.rows_in,
        step.rows_out,
        step.rows_rejected,
        extract(EPOCH FROM step.started_at - run.started_at)::float AS begins,
        extract(
            EPOCH FROM coalesce(step.ended_at, run.ended_at, %(now)s::timestamptz) - run.started_at
        )::float AS ends,
        greatest(
            extract(EPOCH FROM coalesce(run.ended_at, %(now)s::timestamptz) - run.started_at),
            0.001
        )::float AS whole
    FROM journal.step AS step
    INNER JOIN journal.run AS run
        ON run.run_id = step.run_id
    WHERE step.run_id = %(run_id)s
),

spans AS (
    SELECT
        step,
        status,
        rows_in,
        rows_out,
        rows_rejected,
        begins,
        ends,
        jsonb_build_array(
            least(floor(500 * begins / whole), 499), least(ceil(500 * ends / whole), 500), status
        ) AS span
    FROM timed
)

SELECT
    step,
    count(*) AS times,
    sum(rows_in)::bigint AS rows_in,
    sum(rows_out)::bigint AS rows_out,
    sum(rows_rejected)::bigint AS rows_rejected,
    min(begins) AS from_seconds,
    max(ends) AS to_seconds,
    sum(ends - begins) AS busy_seconds,
    CASE
        WHEN bool_or(status = 'FAIL') THEN 'FAIL'
        WHEN bool_or(status = 'ABANDONED') THEN 'ABANDONED'
        WHEN bool_or(status = 'START') THEN 'START'
        ELSE 'END'
    END AS status,
    jsonb_agg(DISTINCT span) AS spans
FROM spans
GROUP BY step
ORDER BY step
