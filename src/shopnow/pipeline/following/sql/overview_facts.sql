-- Purpose: how many facts the warehouse holds, and how many order lines were said again.
-- Grain: one row.
-- Parameters: none.
SELECT
    (SELECT count(*) FROM dwh.fact_order_header) AS orders,
    (SELECT count(*) FROM dwh.fact_order) AS order_lines,
    (
        SELECT count(*) FROM dwh.fact_order
        WHERE quantity < 0
    ) AS returns,
    (SELECT count(*) FROM dwh.fact_payment) AS payments,
    (SELECT count(*) FROM dwh.fact_offer) AS offers,
    (SELECT count(*) FROM dwh.fact_clickstream) AS clicks,
    (SELECT count(*) FROM history.fact_change) AS replaced_lines
