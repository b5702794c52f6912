-- Purpose: records of each delivery that opened a key never heard of.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]); {staging}, {same_general}.
SELECT
    s.delivery_key,
    count(*) AS accepted
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT s.is_embedded
    AND NOT EXISTS (
        SELECT 1
        FROM general_key AS g
        WHERE {same_general}
    )
GROUP BY s.delivery_key
