-- Purpose: whether a version vanished in this batch.
-- Grain: one row.
-- Parameters: none.
SELECT exists(SELECT 1 FROM vanished) AS is_any
