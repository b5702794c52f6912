-- Purpose: what tells a published full delivery from any other, of this warehouse or of another.
-- Grain: one row, none for a delivery that proves no absence.
-- Parameters: delivery_key.
SELECT
    concat_ws(
        ' ', encode(delivery.sha256, 'hex'), full_one.effective_at, delivery.batch_no
    ) AS known_as
FROM staging.delivery AS delivery
INNER JOIN history.full_delivery AS full_one
    ON full_one.delivery_key = delivery.delivery_key
WHERE delivery.delivery_key = %(delivery_key)s
    AND delivery.state = 'published'
