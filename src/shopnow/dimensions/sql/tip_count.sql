-- Purpose: records of each delivery that took the short way.
-- Grain: one row a delivery.
-- Parameters: none.
SELECT
    tip.delivery_key,
    count(*) AS accepted
FROM tip
GROUP BY tip.delivery_key
