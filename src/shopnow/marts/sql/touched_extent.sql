-- Purpose: which days the statements have to read, as values that the planner sees: it leaves
--   other partitions alone.
-- Grain: one row.
-- Parameters: zone.

SELECT
    (SELECT array_agg(DISTINCT touched.date_on) FROM touched_sales AS touched) AS sales_days,
    (SELECT array_agg(DISTINCT touched.date_on) FROM touched_traffic AS touched) AS traffic_days,
    (
        SELECT array_agg(touched.month + day.number)
        FROM (
            SELECT DISTINCT
                months.month,
                months.next_month
            FROM touched_months AS months
        ) AS touched
        CROSS JOIN generate_series(0, touched.next_month - touched.month - 1) AS day (number)
    ) AS month_days,
    (
        SELECT min(touched.date_on)::timestamp AT TIME ZONE %(zone)s
        FROM touched_offers AS touched
    ) AS offers_from,
    (
        SELECT (max(touched.date_on) + 1)::timestamp AT TIME ZONE %(zone)s
        FROM touched_offers AS touched
    ) AS offers_to;
