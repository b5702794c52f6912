-- Purpose: planned work whose last attempt failed.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    count(*) AS value,
    %(now)s AS observed_at
FROM jobs.plan
WHERE
    status = 'failed'
    AND ended_at <= %(now)s
