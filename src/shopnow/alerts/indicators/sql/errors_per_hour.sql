-- Purpose: errors in the journal within an hour.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    count(*) AS value,
    %(now)s AS observed_at
FROM journal.event
WHERE
    level = 'ERROR'
    AND ts > %(now)s - make_interval(hours => 1)
