-- Purpose: signs of life.
-- Grain: one process.
-- Parameters: none.
SELECT
    process,
    pid,
    host,
    started_at,
    beat_at,
    doing
FROM jobs.heartbeat
ORDER BY process
