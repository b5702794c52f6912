-- Purpose: the time that the batch's offers span, released ones included.
-- Grain: one row.
-- Parameters: deliveries (bigint[]).
SELECT
    min(offer.effective_at) AS first_at,
    max(offer.effective_at) AS last_at
FROM (
    SELECT staged.effective_at
    FROM staging.offer_row AS staged
    WHERE staged.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT held.effective_at
    FROM staging.offer_held AS held
) AS offer
