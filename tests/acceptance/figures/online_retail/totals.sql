-- Purpose: what the lines come to.
-- Grain: one row.
SELECT
    count(*) AS lines,
    (SELECT count(*) FROM dwh.fact_order_header) AS invoices,
    count(DISTINCT line.customer_no) FILTER (WHERE line.customer_no >= 0) AS customers,
    count(DISTINCT product.product_id) AS stock_codes,
    sum(line.quantity) AS units,
    sum(line.line_amount) AS amount
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key;
