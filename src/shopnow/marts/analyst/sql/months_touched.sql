-- Purpose: the months whose sales or visits were refreshed since the folded marts were.
-- Grain: one row a month.
-- Parameters: none.
WITH seen AS (
    SELECT
        date_trunc('month', sales.date_on)::date AS month,
        max(sales.refreshed_at) AS refreshed_at
    FROM mart.marketplace_daily AS sales
    GROUP BY date_trunc('month', sales.date_on)::date
    UNION ALL
    SELECT
        date_trunc('month', visits.date_on)::date,
        max(visits.refreshed_at)
    FROM mart.seller_daily_traffic AS visits
    GROUP BY date_trunc('month', visits.date_on)::date
),

told AS (
    SELECT
        sales.month,
        max(sales.refreshed_at) AS refreshed_at
    FROM mart.analyst_sales_by_day AS sales
    GROUP BY sales.month
)

SELECT seen.month
FROM seen
LEFT JOIN told
    ON seen.month = told.month
GROUP BY seen.month
HAVING bool_or(told.refreshed_at IS NULL OR told.refreshed_at < seen.refreshed_at)
ORDER BY seen.month
