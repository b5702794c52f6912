-- Purpose: the transaction that a restore can stop after, and where the log stands. Grain: one row.
SELECT
    pg_current_xact_id()::text AS xid,
    pg_current_wal_insert_lsn()::text AS lsn,
    (SELECT max(m.number) FROM journal.migration AS m) AS migration
