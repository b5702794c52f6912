-- Purpose: share of the connections that are taken.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    100.0 * count(*) / current_setting('max_connections')::integer AS value,
    %(now)s AS observed_at
FROM pg_stat_activity
WHERE backend_type = 'client backend'
