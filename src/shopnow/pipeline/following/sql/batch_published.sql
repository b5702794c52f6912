-- Purpose: when a batch was published, and by which run.
-- Grain: at most one row.
-- Parameters: batch_no.
SELECT
    s.run_id,
    s.ended_at
FROM journal.step AS s
WHERE s.batch_no = %(batch_no)s
    AND s.step = 6
    AND s.status = 'END'
ORDER BY s.step_no DESC
LIMIT 1
