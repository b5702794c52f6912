-- Purpose: real repeats: lines that are equal to an earlier one in everything but their number.
-- Grain: one row.
SELECT sum(repeated.lines - 1) AS lines_beyond_first
FROM (
    SELECT count(*) AS lines
    FROM dwh.fact_order AS line
    GROUP BY
        line.order_id, line.product_key, line.quantity, line.unit_price, line.ordered_at,
        line.customer_no, line.buyer_region
) AS repeated;
