-- Purpose: when each indicator was measured last.
-- Grain: one indicator.
-- Parameters: now, since.
SELECT
    indicator,
    max(at) AS at
FROM journal.measurement
WHERE
    at > %(since)s
    AND at <= %(now)s
GROUP BY indicator
