-- Purpose: how old the newest archived piece of the write-ahead log is.
-- Grain: one row where archiving is on.
-- Parameters: now.
SELECT
    '' AS label,
    greatest(extract(EPOCH FROM %(now)s - last_archived_time) / 60, 0) AS value,
    last_archived_time AS observed_at
FROM pg_stat_archiver
WHERE current_setting('archive_mode') <> 'off'
