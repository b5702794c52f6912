-- Purpose: one process sends an answer: who comes second finds it claimed. Until the outcome is
-- known it counts as interrupted.
-- Grain: one row where it could be claimed, none else.
-- Parameters: delivery_key, channel, about, now, next_at, again (claim it although it was sent).
INSERT INTO staging.answer_sent (
    delivery_key, channel, about, state, attempts, tried_at, next_at, last_error
)
VALUES (
    %(delivery_key)s, %(channel)s, %(about)s, 'failed', 1, %(now)s, %(next_at)s,
    'envoi interrompu'
)
ON CONFLICT (delivery_key, channel, about) DO UPDATE
    SET
        state = excluded.state,
        attempts = answer_sent.attempts + 1,
        tried_at = excluded.tried_at,
        next_at = excluded.next_at,
        last_error = excluded.last_error
    WHERE
    answer_sent.next_at <= %(now)s
    OR %(again)s
