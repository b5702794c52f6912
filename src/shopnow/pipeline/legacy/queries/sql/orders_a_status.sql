-- Purpose: how many orders have each status.
-- Grain: one row a status.
-- Parameters: none.
SELECT
    o.status,
    count(DISTINCT o.order_id) AS orders
FROM fact_order AS o
GROUP BY o.status
ORDER BY o.status
