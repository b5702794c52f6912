-- Purpose: how many orders there were each day.
-- Grain: one row a day (UTC).
-- Parameters: none. CAST, not `::`: the former server knows only that.
-- noqa: disable=CV11
SELECT
    CAST(o.order_timestamp AS date) AS order_day,
    count(DISTINCT o.order_id) AS orders
FROM fact_order AS o
GROUP BY CAST(o.order_timestamp AS date)
ORDER BY order_day
