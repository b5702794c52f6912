-- Purpose: the oldest order.
-- Grain: one row.
SELECT least(
    (SELECT min(f.ordered_at) FROM dwh.fact_order AS f),
    (SELECT min(h.purchased_at) FROM dwh.fact_order_header AS h)
) AS oldest_at
