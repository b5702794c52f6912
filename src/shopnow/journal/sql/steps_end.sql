-- Purpose: a step of several deliveries is done; written in the data's transaction.
-- Grain: one row a delivery.
-- Parameters: ended_at; arrays of one length: step_nos, rows_in, rows_out, rows_rejected.
UPDATE journal.step AS step
SET
    ended_at = %(ended_at)s,
    status = 'END',
    rows_in = counted.rows_in,
    rows_out = counted.rows_out,
    rows_rejected = counted.rows_rejected
FROM unnest(
        %(step_nos)s::bigint[], %(rows_in)s::bigint[], %(rows_out)s::bigint[],
        %(rows_rejected)s::bigint[]
    ) AS counted (step_no, rows_in, rows_out, rows_rejected)
WHERE step.step_no = counted.step_no
