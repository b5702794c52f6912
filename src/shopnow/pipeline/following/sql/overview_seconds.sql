-- Purpose: where the time of the runs went.
-- Grain: one row a step.
-- Parameters: none.
SELECT
    s.step,
    sum(extract(EPOCH FROM s.ended_at - s.started_at))::double precision AS seconds
FROM journal.step AS s
WHERE s.status = 'END'
GROUP BY s.step
ORDER BY s.step
