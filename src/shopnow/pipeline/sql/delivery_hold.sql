-- Purpose: a delivery waits for a person; of its records those that are not rejected are held.
-- Grain: one row.
-- Parameters: delivery_key, question.
UPDATE staging.delivery
SET
    state = 'held',
    held = records - rejected,
    reason = %(question)s
WHERE delivery_key = %(delivery_key)s
