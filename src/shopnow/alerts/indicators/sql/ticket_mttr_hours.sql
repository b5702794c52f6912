-- Purpose: mean open time until resolution of the tickets of a month.
-- Grain: one priority that has any.
-- Parameters: now.
SELECT
    priority AS label,
    avg(elapsed_seconds) / 3600 AS value,
    %(now)s AS observed_at
FROM desk.ticket
WHERE
    is_met IS NOT NULL
    AND resolved_at > %(now)s - make_interval(days => 30)
GROUP BY priority
