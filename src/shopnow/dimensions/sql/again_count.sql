-- Purpose: records of each delivery that the log holds already; embedded statements are none.
-- Grain: one row a delivery.
-- Parameters: none.
SELECT
    again.delivery_key,
    count(*) AS duplicate
FROM again
WHERE NOT again.is_embedded
GROUP BY again.delivery_key
