-- Purpose: steps under way for longer than they may be.
-- Grain: one step.
-- Parameters: before.
SELECT
    step_no,
    run_id,
    delivery_key,
    step,
    started_at
FROM journal.step
WHERE
    status = 'START'
    AND started_at < %(before)s
ORDER BY step_no
LIMIT 50
