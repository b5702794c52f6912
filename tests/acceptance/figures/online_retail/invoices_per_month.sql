-- Purpose: invoices by local month, from the headers.
-- Grain: one row a month.
SELECT
    to_char(header.purchased_at AT TIME ZONE 'Europe/London', 'YYYY-MM') AS month,
    count(*) AS invoices
FROM dwh.fact_order_header AS header
GROUP BY month
ORDER BY month;
