-- Purpose: what tells a published delivery from any other, of this warehouse or of another.
-- Grain: one row, none for a delivery that is not published.
-- Parameters: delivery_key.
SELECT
    concat_ws(
        ' ', encode(delivery.sha256, 'hex'), delivery.effective_at, delivery.batch_no
    ) AS known_as
FROM staging.delivery AS delivery
WHERE delivery.delivery_key = %(delivery_key)s
    AND delivery.state = 'published'
