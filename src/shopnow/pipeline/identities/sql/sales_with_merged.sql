-- Purpose: what a seller sold, with all that are merged into it.
-- Grain: one row a currency.
-- Parameters: seller_no.
SELECT
    sales.currency,
    sum(sales.net_amount) AS net_amount
FROM mart.seller_daily_sales AS sales
INNER JOIN security.sellers_seen_by(%(seller_no)s) AS seen (seller_no)
    ON seen.seller_no = sales.seller_no
GROUP BY sales.currency
ORDER BY sales.currency
