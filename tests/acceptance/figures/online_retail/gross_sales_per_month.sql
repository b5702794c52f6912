-- Purpose: sales by local month.
-- Grain: one row a month.
SELECT
    to_char(line.ordered_at AT TIME ZONE 'Europe/London', 'YYYY-MM') AS month,
    sum(line.line_amount) AS gross_sales
FROM dwh.fact_order AS line
WHERE line.quantity > 0 AND line.unit_price > 0 AND line.order_id !~ '^uci:[CA]'
GROUP BY month
ORDER BY month;
