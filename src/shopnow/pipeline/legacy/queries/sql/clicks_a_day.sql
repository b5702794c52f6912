-- Purpose: page views, carts and checkouts each day.
-- Grain: one row a day (UTC).
-- Parameters: none. CAST, not `::`: the former server knows only that.
-- noqa: disable=CV11
SELECT
    CAST(e.event_timestamp AS date) AS event_day,
    sum(CASE WHEN e.event_type = 'view_page' THEN 1 ELSE 0 END) AS page_views,
    sum(CASE WHEN e.event_type = 'add_to_cart' THEN 1 ELSE 0 END) AS carts,
    sum(CASE WHEN e.event_type = 'checkout_start' THEN 1 ELSE 0 END) AS checkouts
FROM fact_clickstream AS e
GROUP BY CAST(e.event_timestamp AS date)
ORDER BY event_day
