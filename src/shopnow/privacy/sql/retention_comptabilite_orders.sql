-- Purpose: orders past their time, with all their lines and payments: none is kept in part.
-- Grain: one row an order.
-- Parameters: kept_from.
CREATE TEMPORARY TABLE order_past ON COMMIT DROP AS
SELECT h.order_id
FROM dwh.fact_order_header AS h
WHERE h.purchased_at < %(kept_from)s
UNION
SELECT f.order_id
FROM dwh.fact_order AS f
WHERE f.ordered_at < %(kept_from)s
