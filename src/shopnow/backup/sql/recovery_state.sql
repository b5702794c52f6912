-- Purpose: how far a recovering server is. Grain: one row.
SELECT
    pg_is_in_recovery() AS is_recovering,
    pg_last_xact_replay_timestamp() AS last_commit_at,
    coalesce(pg_last_wal_replay_lsn()::text, '') AS lsn,
    coalesce(
        CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_last_wal_replay_lsn()) END, ''
    ) AS segment
