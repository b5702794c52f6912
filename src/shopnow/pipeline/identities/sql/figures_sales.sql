-- Purpose: what a seller sold under its own number.
-- Grain: one row a currency.
-- Parameters: seller_no.
SELECT
    sales.currency,
    sum(sales.lines) AS lines,
    sum(sales.net_amount) AS net_amount
FROM mart.seller_daily_sales AS sales
WHERE sales.seller_no = %(seller_no)s
GROUP BY sales.currency
ORDER BY sales.currency
