-- Purpose: whether the table of applied migrations exists.
-- Grain: one row.
-- Parameters: none.
SELECT pg_catalog.to_regclass('journal.migration') IS NOT NULL AS present;
