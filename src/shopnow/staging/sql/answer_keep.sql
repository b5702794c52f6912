-- Purpose: what became of a claimed answer.
-- Grain: one row.
-- Parameters: delivery_key, channel, about, state, next_at, error.
UPDATE staging.answer_sent
SET
    state = %(state)s,
    next_at = %(next_at)s,
    last_error = %(error)s
WHERE
    delivery_key = %(delivery_key)s
    AND channel = %(channel)s
    AND about = %(about)s
