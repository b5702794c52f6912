-- Purpose: let pg_dump read in this transaction's snapshot; how large the database is.
-- Grain: one row.
SELECT
    pg_database_size(current_database()) AS size_bytes,
    pg_export_snapshot() AS snapshot
