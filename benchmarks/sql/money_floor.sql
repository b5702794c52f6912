-- Purpose: what the floor's facts sold. Grain: a currency.
SELECT
    currency,
    sum(line_amount) AS amount
FROM fact_order
GROUP BY currency;
