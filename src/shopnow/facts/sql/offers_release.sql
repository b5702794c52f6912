-- Purpose: offers whose reference has come wait no longer.
-- Grain: one row a delivery.
-- Parameters: none.
WITH released AS (
    DELETE FROM staging.offer_held AS held
    USING offer_said AS said
    WHERE said.was_held
        AND said.delivery_key = held.delivery_key
        AND said.record_no = held.record_no
    RETURNING held.delivery_key
)

SELECT
    released.delivery_key,
    count(*) AS released
FROM released
GROUP BY released.delivery_key
