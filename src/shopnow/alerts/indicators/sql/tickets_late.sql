-- Purpose: open tickets whose promise is broken.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    count(*) AS value,
    %(now)s AS observed_at
FROM desk.ticket
WHERE
    state IN ('assigned', 'in_progress', 'waiting')
    AND (breached_at IS NOT NULL OR due_at <= %(now)s)
