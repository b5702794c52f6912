-- Purpose: visits to the whole marketplace.
-- Grain: one row.
-- Parameters: none.
SELECT
    coalesce(sum(t.views), 0)::bigint AS views,
    coalesce(sum(t.carts), 0)::bigint AS carts,
    coalesce(sum(t.checkouts), 0)::bigint AS checkouts,
    min(t.date_on) AS first_on,
    max(t.date_on) AS last_on
FROM mart.seller_daily_traffic AS t
