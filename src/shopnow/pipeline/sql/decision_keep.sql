-- Purpose: a person decides about a held delivery: the next run takes it in anew, whole, and acts by
-- the decision.
-- Grain: one row, none where the delivery is not held.
-- Parameters: delivery_key, decision, decided_at, decided_by.
WITH freed AS (
    UPDATE staging.delivery
    SET
        state = 'received',
        held = CASE WHEN records IS NULL THEN NULL ELSE 0 END
    WHERE delivery_key = %(delivery_key)s
        AND state = 'held'
    RETURNING delivery_key, reason
)

INSERT INTO staging.delivery_decision AS kept (
    delivery_key, decision, decided_at, decided_by, question
)
SELECT
    freed.delivery_key,
    %(decision)s,
    %(decided_at)s,
    %(decided_by)s,
    coalesce(freed.reason, '')
FROM freed
ON CONFLICT (delivery_key) DO UPDATE
    SET
        decision = excluded.decision,
        decided_at = excluded.decided_at,
        decided_by = excluded.decided_by,
        question = excluded.question
RETURNING kept.delivery_key
