-- Purpose: a step begins; written on the journal's own connection, so that it outlives a rollback.
-- Grain: one row.
-- Parameters: run_id, batch_no, delivery_key, step, started_at.
INSERT INTO journal.step (run_id, batch_no, delivery_key, step, started_at, status)
VALUES (%(run_id)s, %(batch_no)s, %(delivery_key)s, %(step)s, %(started_at)s, 'START')
RETURNING step_no
