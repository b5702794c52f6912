-- Purpose: the time that the batch's offers span, released ones included, with what full deliveries
-- of that time or later may say of them by what they lack.
-- Grain: one row.
-- Parameters: deliveries (bigint[]).
WITH offer AS (
    SELECT staged.effective_at
    FROM staging.offer_row AS staged
    WHERE staged.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT held.effective_at
    FROM staging.offer_held AS held
    UNION ALL
    SELECT delivery.effective_at
    FROM staging.delivery AS delivery
    WHERE delivery.delivery_key = any(%(deliveries)s)
        AND delivery.mode = 'full'
        AND delivery.feed = 'offers'
)

SELECT
    min(offer.effective_at) AS first_at,
    greatest(
        max(offer.effective_at),
        (
            SELECT max(full_before.effective_at)
            FROM history.full_delivery AS full_before
            WHERE full_before.feed IN ('offers', 'products')
                AND full_before.effective_at >= min(offer.effective_at)
        )
    ) AS last_at
FROM offer
