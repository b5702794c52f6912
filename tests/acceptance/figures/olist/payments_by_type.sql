-- Purpose: number and sum of payments by means.
-- Grain: two rows a means; the path of the figure is its key.
SELECT
    payment.type || '.rows' AS figure,
    count(*) AS payments
FROM dwh.fact_payment AS payment
GROUP BY payment.type
UNION ALL
SELECT
    payment.type || '.sum',
    sum(payment.amount)
FROM dwh.fact_payment AS payment
GROUP BY payment.type;
