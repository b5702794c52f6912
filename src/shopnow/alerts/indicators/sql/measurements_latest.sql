-- Purpose: the last value of each label of each indicator that was measured lately.
-- Grain: one label of an indicator.
-- Parameters: now, since.
SELECT DISTINCT ON (indicator, label)
    indicator,
    label,
    value,
    at
FROM journal.measurement
WHERE
    at > %(since)s
    AND at <= %(now)s
ORDER BY indicator ASC, label ASC, at DESC
