-- Purpose: deliveries that a breaker held are taken in anew by the next run, from their sealed files.
-- Grain: one row a delivery that was released.
-- Parameters: breaker_no, at_least (score; null: whatever they are), except_delivery (null: none).
UPDATE staging.delivery AS delivery
SET
    state = 'received',
    held = CASE WHEN delivery.records IS NULL THEN NULL ELSE 0 END
FROM quality.breaker_hold AS hold
WHERE hold.breaker_no = %(breaker_no)s
    AND delivery.delivery_key = hold.delivery_key
    AND delivery.state = 'held'
    AND delivery.delivery_key IS DISTINCT FROM %(except_delivery)s::bigint
    AND (
        %(at_least)s::numeric IS NULL
        OR (
            SELECT judged.score
            FROM quality.judgement AS judged
            WHERE judged.delivery_key = delivery.delivery_key
            ORDER BY judged.run_id DESC
            LIMIT 1
        ) >= %(at_least)s::numeric
    )
