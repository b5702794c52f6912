-- Purpose: which transactions this one sees; in a REPEATABLE READ transaction, the same throughout.
-- Grain: one row.
-- Parameters: none.
SELECT pg_current_snapshot()::text AS snapshot
