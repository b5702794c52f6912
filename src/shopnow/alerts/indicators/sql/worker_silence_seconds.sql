-- Purpose: how long the worker has been silent.
-- Grain: one row where one was ever there.
-- Parameters: now.
SELECT
    '' AS label,
    extract(EPOCH FROM %(now)s - max(beat_at)) AS value,
    max(beat_at) AS observed_at
FROM jobs.heartbeat
WHERE process = 'worker'
