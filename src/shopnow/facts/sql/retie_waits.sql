-- Purpose: whether facts have to follow anything, or a job was left half way.
-- Grain: one row.
-- Parameters: none.
SELECT
    EXISTS (SELECT 1 FROM history.retie_due)
    OR EXISTS (SELECT 1 FROM history.retie_progress) AS is_any
