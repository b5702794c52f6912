-- Purpose: whether runs or steps are open but those of a living run.
-- Grain: one row.
-- Parameters: run_id (the living run).
SELECT
    EXISTS (
        SELECT 1
        FROM journal.run
        WHERE status = 'running'
            AND run_id <> %(run_id)s
    )
    OR EXISTS (
        SELECT 1
        FROM journal.step
        WHERE status = 'START'
            AND run_id <> %(run_id)s
    ) AS is_any
