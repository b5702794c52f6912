-- Purpose: what a seller sold each day of a span, days without sales included.
-- Grain: one row a currency that was sold in and a day.
-- Parameters: since, today.
WITH sold AS (
    SELECT
        daily.date_on,
        daily.currency,
        sum(daily.net_amount) AS net_amount
    FROM seller.my_daily_sales AS daily
    WHERE daily.date_on >= %(since)s
        AND daily.date_on <= %(today)s
    GROUP BY daily.date_on, daily.currency
),

used AS (
    SELECT DISTINCT currency
    FROM sold
)

SELECT
    day.date_on::date AS date_on,
    used.currency,
    sold.net_amount
FROM generate_series(%(since)s::date, %(today)s::date, INTERVAL '1 day') AS day (date_on)
CROSS JOIN used
LEFT JOIN sold
    ON sold.date_on = day.date_on
        AND sold.currency = used.currency
ORDER BY used.currency, day.date_on
