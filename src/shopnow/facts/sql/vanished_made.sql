-- Purpose: whether anything was folded in this batch: else no version vanished.
-- Grain: one row.
-- Parameters: none.
SELECT to_regclass('pg_temp.vanished') IS NOT NULL AS is_made
