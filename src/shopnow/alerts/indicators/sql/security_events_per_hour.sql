-- Purpose: warnings and errors of security within an hour.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    count(*) AS value,
    %(now)s AS observed_at
FROM journal.event
WHERE
    type = 'securite'
    AND level <> 'INFO'
    AND ts > %(now)s - make_interval(hours => 1)
