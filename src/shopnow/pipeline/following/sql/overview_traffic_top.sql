-- Purpose: whose pages are seen most.
-- Grain: one row a seller, the most seen first.
-- Parameters: limit.
SELECT
    seller.seller_id,
    seller.seller_name,
    sum(t.views)::bigint AS views,
    sum(t.carts)::bigint AS carts,
    sum(t.checkouts)::bigint AS checkouts
FROM mart.seller_daily_traffic AS t
INNER JOIN dwh.dim_seller AS seller
    ON seller.seller_no = t.seller_no
        AND seller.is_current
WHERE t.seller_no >= 0
GROUP BY seller.seller_id, seller.seller_name
ORDER BY views DESC, seller.seller_id ASC
LIMIT %(limit)s
