-- Purpose: take the snapshot of a transaction that reads repeatably. Grain: one row.
SELECT pg_current_snapshot()::text AS snapshot
