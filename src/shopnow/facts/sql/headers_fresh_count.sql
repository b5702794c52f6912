-- Purpose: header records about orders that nobody spoke of before.
-- Grain: one row a delivery.
-- Parameters: none.
SELECT
    said.delivery_key,
    count(*) AS accepted,
    0 AS duplicate,
    0 AS superseded
FROM header_said AS said
WHERE NOT said.is_implied
    AND NOT EXISTS (
        SELECT 1
        FROM order_known AS known
        WHERE known.order_id = said.order_id
    )
GROUP BY said.delivery_key
