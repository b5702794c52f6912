-- Purpose: how many orders there were for each checkout that began, day by day.
-- Grain: one row a day (UTC) with a checkout.
-- Parameters: none. CAST, not `::`: the former server knows only that.
-- noqa: disable=CV11
SELECT
    c.event_day,
    c.checkouts,
    coalesce(o.orders, 0) AS orders,
    CAST(coalesce(o.orders, 0) AS numeric(18, 6)) / c.checkouts AS conversion
FROM (
    SELECT
        CAST(e.event_timestamp AS date) AS event_day,
        count(*) AS checkouts
    FROM fact_clickstream AS e
    WHERE e.event_type = 'checkout_start'
    GROUP BY CAST(e.event_timestamp AS date)
) AS c
LEFT JOIN (
    SELECT
        CAST(f.order_timestamp AS date) AS order_day,
        count(DISTINCT f.order_id) AS orders
    FROM fact_order AS f
    GROUP BY CAST(f.order_timestamp AS date)
) AS o
    ON c.event_day = o.order_day
ORDER BY c.event_day
