-- Purpose: what the published mart says was sold. Grain: a currency.
SELECT
    currency,
    sum(net_amount) AS amount
FROM mart.seller_daily_sales
GROUP BY currency;
