-- Purpose: sums with three decimals; a sale is goods out at a price, on an invoice of its own.
-- Grain: one row.
SELECT
    sum(line.quantity * line.unit_price) AS net_all_rows_sum_qty_x_price,
    count(*) FILTER (
        WHERE line.quantity > 0 AND line.unit_price > 0 AND line.order_id !~ '^uci:[CA]'
    ) AS gross_sales_rows,
    sum(line.line_amount) FILTER (
        WHERE line.quantity > 0 AND line.unit_price > 0 AND line.order_id !~ '^uci:[CA]'
    ) AS gross_sales,
    sum(line.line_amount) FILTER (WHERE line.order_id LIKE 'uci:C%') AS cancellations_sum
FROM dwh.fact_order AS line;
