-- Purpose: price of the lines by local month of purchase.
-- Grain: one row a month.
SELECT
    to_char(line.ordered_at AT TIME ZONE 'America/Sao_Paulo', 'YYYY-MM') AS month,
    sum(line.line_amount) AS revenue
FROM dwh.fact_order AS line
GROUP BY month
ORDER BY month;
