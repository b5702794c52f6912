-- Purpose: the months of sellers whose lines or clicks a load changes, with the first day after each,
--   so that days are joined by range, and the instant at which it ends. Grain: seller and month.
-- Parameters: zone.

INSERT INTO touched_months (seller_no, month, next_month, ends_at)
SELECT
    touched.seller_no,
    touched.month,
    (touched.month + interval '1 month')::date AS next_month,
    (touched.month + interval '1 month') AT TIME ZONE %(zone)s AS ends_at
FROM (
    SELECT
        sales.seller_no,
        date_trunc('month', sales.date_on::timestamp)::date AS month
    FROM touched_sales AS sales
    UNION
    SELECT
        traffic.seller_no,
        date_trunc('month', traffic.date_on::timestamp)::date AS month
    FROM touched_traffic AS traffic
) AS touched;
