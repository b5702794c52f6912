-- Purpose: the values of an indicator over time, for a chart.
-- Grain: one label and moment.
-- Parameters: indicator, now, since.
SELECT
    label,
    at,
    value
FROM journal.measurement
WHERE
    indicator = %(indicator)s
    AND at >= %(since)s
    AND at <= %(now)s
ORDER BY label, at
