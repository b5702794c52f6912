-- Purpose: a step failed; written on the journal's own connection.
-- Grain: one row.
-- Parameters: step_no, ended_at.
UPDATE journal.step
SET
    ended_at = %(ended_at)s,
    status = 'FAIL'
WHERE step_no = %(step_no)s
    AND status = 'START'
