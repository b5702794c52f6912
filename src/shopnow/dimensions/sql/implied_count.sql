-- Purpose: records of each delivery that repeat the value in force: accepted, unchanged.
-- Grain: one row a delivery.
-- Parameters: none.
SELECT
    implied.delivery_key,
    count(*) AS accepted
FROM implied
GROUP BY implied.delivery_key
