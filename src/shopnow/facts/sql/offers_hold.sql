-- Purpose: offers whose source reference leads to no product yet wait for it.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]).
WITH waiting AS (
    INSERT INTO staging.offer_held
    SELECT staged.*
    FROM staging.offer_row AS staged
    WHERE staged.delivery_key = any(%(deliveries)s)
        AND NOT EXISTS (
            SELECT 1
            FROM offer_said AS said
            WHERE said.delivery_key = staged.delivery_key
                AND said.record_no = staged.record_no
        )
    RETURNING delivery_key
)

SELECT
    waiting.delivery_key,
    count(*) AS held
FROM waiting
GROUP BY waiting.delivery_key
