-- Purpose: the steps that a delivery went through, alone or in its batch.
-- Grain: one row a step.
-- Parameters: delivery_key, batch_no (null while it is in none).
SELECT
    s.run_id,
    s.step,
    s.status,
    s.started_at,
    s.ended_at,
    extract(EPOCH FROM s.ended_at - s.started_at)::double precision AS seconds,
    s.rows_in,
    s.rows_out,
    s.rows_rejected,
    s.delivery_key IS NULL AS is_of_batch
FROM journal.step AS s
WHERE s.delivery_key = %(delivery_key)s
    OR (s.delivery_key IS NULL AND s.batch_no = %(batch_no)s)
ORDER BY s.step_no
