-- Purpose: jobs that ended long ago.
-- Grain: one job.
-- Parameters: before.
DELETE FROM jobs.procrastinate_jobs AS job
WHERE
    job.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
    AND NOT EXISTS (
        SELECT
        FROM jobs.procrastinate_events AS event
        WHERE
            event.job_id = job.id
            AND event.at > %(before)s
    )
