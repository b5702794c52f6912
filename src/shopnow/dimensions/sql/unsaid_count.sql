-- Purpose: records of each delivery that the log holds already; embedded statements are none.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]); {staging}.
SELECT
    s.delivery_key,
    count(*) AS duplicate
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT s.is_embedded
    AND s.ctid NOT IN (
        SELECT unsaid.place
        FROM unsaid
    )
GROUP BY s.delivery_key
