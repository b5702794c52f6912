-- Purpose: sales by the country of the buyer.
-- Grain: one row a country.
SELECT
    line.buyer_region,
    sum(line.line_amount) AS gross_sales
FROM dwh.fact_order AS line
WHERE line.quantity > 0 AND line.unit_price > 0 AND line.order_id !~ '^uci:[CA]'
GROUP BY line.buyer_region
ORDER BY gross_sales DESC
LIMIT 10;
