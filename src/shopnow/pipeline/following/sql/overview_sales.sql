-- Purpose: who sells most, currency by currency: amounts of two currencies are never added.
-- Grain: one row a seller and currency, the first of each currency.
-- Parameters: limit (rows a currency).
SELECT
    ranked.currency,
    ranked.place,
    seller.seller_id,
    seller.seller_name,
    ranked.orders,
    ranked.units,
    ranked.returned_units,
    ranked.net_amount
FROM (
    SELECT
        sales.currency,
        sales.seller_no,
        sum(sales.orders)::bigint AS orders,
        sum(sales.units)::bigint AS units,
        sum(sales.returned_units)::bigint AS returned_units,
        sum(sales.net_amount) AS net_amount,
        sum(sum(sales.net_amount)) OVER (PARTITION BY sales.currency) AS currency_amount,
        row_number() OVER (
            PARTITION BY sales.currency
            ORDER BY sum(sales.net_amount) DESC, sales.seller_no ASC
        ) AS place
    FROM mart.seller_daily_sales AS sales
    GROUP BY sales.currency, sales.seller_no
) AS ranked
INNER JOIN dwh.dim_seller AS seller
    ON seller.seller_no = ranked.seller_no
        AND seller.is_current
WHERE ranked.place <= %(limit)s
ORDER BY ranked.currency_amount DESC, ranked.currency ASC, ranked.place ASC
