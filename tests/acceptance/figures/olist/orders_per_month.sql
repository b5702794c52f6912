-- Purpose: orders by local month of purchase.
-- Grain: one row a month.
SELECT
    to_char(header.purchased_at AT TIME ZONE 'America/Sao_Paulo', 'YYYY-MM') AS month,
    count(*) AS orders
FROM dwh.fact_order_header AS header
GROUP BY month
ORDER BY month;
