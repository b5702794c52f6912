-- Purpose: where the time of the newest loads went. Grain: a step of the six.
-- Parameters: after, the number of the last step that was there before.
SELECT
    step,
    sum(extract(EPOCH FROM ended_at - started_at))::double precision AS seconds,
    max(step_no) AS last_step
FROM journal.step
WHERE
    step_no > %(after)s
    AND ended_at IS NOT NULL
GROUP BY step
ORDER BY step;
