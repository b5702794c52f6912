-- Purpose: share of the tickets of a month that were resolved in time.
-- Grain: one priority that has any.
-- Parameters: now.
SELECT
    priority AS label,
    100.0 * count(*) FILTER (WHERE is_met) / count(*) AS value,
    %(now)s AS observed_at
FROM desk.ticket
WHERE
    is_met IS NOT NULL
    AND resolved_at > %(now)s - make_interval(days => 30)
GROUP BY priority
