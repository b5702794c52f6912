-- Purpose: what the warehouse's facts sold. Grain: a currency.
SELECT
    currency,
    sum(line_amount) AS amount
FROM dwh.fact_order
GROUP BY currency;
