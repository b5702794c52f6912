-- Purpose: share of the minutes of a day in which the warehouse was measured.
-- Grain: one row.
-- Parameters: now.
WITH answered AS (
    SELECT
        count(DISTINCT date_trunc('minute', at)) AS minutes,
        extract(EPOCH FROM %(now)s - min(at)) / 60 AS length
    FROM journal.measurement
    WHERE
        indicator = 'answer_milliseconds'
        AND value IS NOT NULL
        AND at > %(now)s - make_interval(days => 1)
        AND at <= %(now)s
)

SELECT
    '' AS label,
    least(100.0, 100.0 * minutes / nullif(floor(length), 0)) AS value,
    %(now)s AS observed_at
FROM answered
