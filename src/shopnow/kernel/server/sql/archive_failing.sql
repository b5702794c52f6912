-- Purpose: whether the last attempt to archive WAL failed.
-- Grain: one row.
-- Parameters: none.
SELECT
    last_failed_time IS NOT NULL
    AND (last_archived_time IS NULL OR last_failed_time > last_archived_time) AS failing
FROM pg_catalog.pg_stat_archiver;
