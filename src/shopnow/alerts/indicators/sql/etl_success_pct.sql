-- Purpose: share of the runs of a day that ended well.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    100.0 * count(*) FILTER (WHERE status = 'done')
    / nullif(count(*) FILTER (WHERE status <> 'running' AND ended_at > %(now)s - make_interval(days => 1)), 0)
        AS value,
    max(ended_at) AS observed_at
FROM journal.run
WHERE
    kind = 'load'
    AND ended_at > %(now)s - make_interval(days => 1)
