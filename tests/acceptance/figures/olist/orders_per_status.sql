-- Purpose: orders by status, in the export's spelling.
-- Grain: one row a status.
SELECT
    CASE header.status WHEN 'cancelled' THEN 'canceled' ELSE header.status END AS said_status,
    count(*) AS orders
FROM dwh.fact_order_header AS header
GROUP BY said_status
ORDER BY said_status;
