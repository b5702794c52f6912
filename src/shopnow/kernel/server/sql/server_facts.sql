-- Purpose: version, start and size of the connected database.
-- Grain: one row.
-- Parameters: none.
SELECT
    current_setting('server_version') AS version,
    pg_postmaster_start_time() AS started_at,
    pg_database_size(current_database()) AS size_bytes;
