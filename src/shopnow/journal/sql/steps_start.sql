-- Purpose: a step of several deliveries begins; written on the journal's own connection, so that it
-- outlives a rollback.
-- Grain: one row a delivery.
-- Parameters: run_id, deliveries (bigint[]), step, started_at.
INSERT INTO journal.step (run_id, batch_no, delivery_key, step, started_at, status)
SELECT
    %(run_id)s,
    NULL,
    named.delivery_key,
    %(step)s,
    %(started_at)s,
    'START'
FROM unnest(%(deliveries)s::bigint[]) WITH ORDINALITY AS named (delivery_key, place)
ORDER BY named.place
RETURNING step_no
