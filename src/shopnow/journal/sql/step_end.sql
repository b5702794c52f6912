-- Purpose: a step is done; written in the data's transaction, so that END and data stand or fall together.
-- Grain: one row.
-- Parameters: step_no, ended_at, rows_in, rows_out, rows_rejected.
UPDATE journal.step
SET
    ended_at = %(ended_at)s,
    status = 'END',
    rows_in = %(rows_in)s,
    rows_out = %(rows_out)s,
    rows_rejected = %(rows_rejected)s
WHERE step_no = %(step_no)s
