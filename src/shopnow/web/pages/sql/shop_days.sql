-- Purpose: what a seller sold each day.
-- Grain: one row a day and currency.
-- Parameters: since.
SELECT
    daily.date_on,
    daily.currency,
    sum(daily.net_amount) AS net_amount
FROM seller.my_daily_sales AS daily
WHERE daily.date_on >= %(since)s
GROUP BY daily.date_on, daily.currency
ORDER BY daily.date_on, daily.currency
