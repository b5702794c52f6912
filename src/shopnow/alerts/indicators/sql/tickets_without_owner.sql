-- Purpose: open tickets older than five minutes that nobody has.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    count(*) AS value,
    %(now)s AS observed_at
FROM desk.ticket
WHERE
    state IN ('assigned', 'in_progress', 'waiting')
    AND assignee = ''
    AND opened_at < %(now)s - make_interval(mins => 5)
