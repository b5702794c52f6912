-- Purpose: a delivery reaches a state.
-- Grain: one row.
-- Parameters: delivery_key, state, reason.
UPDATE staging.delivery
SET
    state = %(state)s,
    reason = coalesce(%(reason)s, reason)
WHERE delivery_key = %(delivery_key)s
