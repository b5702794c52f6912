-- Purpose: whether anything of the batch is said of a time that an earlier full delivery has passed.
-- Grain: one row.
-- Parameters: full_until.
SELECT
    EXISTS (
        SELECT 1
        FROM logged
        WHERE effective_at <= %(full_until)s
    )
    OR EXISTS (
        SELECT 1
        FROM full_now
        WHERE effective_at <= %(full_until)s
    ) AS is_late
