-- Purpose: what a seller sold since a day, by currency.
-- Grain: one row a currency.
-- Parameters: since.
SELECT
    daily.currency,
    sum(daily.orders)::bigint AS orders,
    sum(daily.units)::bigint AS units,
    sum(daily.returned_units)::bigint AS returned_units,
    sum(daily.net_amount) AS net_amount,
    sum(daily.commission_amount) AS commission_amount
FROM seller.my_daily_sales AS daily
WHERE daily.date_on >= %(since)s
GROUP BY daily.currency
ORDER BY net_amount DESC
