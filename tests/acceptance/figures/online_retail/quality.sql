-- Purpose: dirt of the lines; an invoice that starts with C is a cancellation, with A an
-- adjustment.
-- Grain: one row.
SELECT
    count(*) FILTER (WHERE line.order_id LIKE 'uci:C%') AS "cancellation_rows_invoice_starts_C",
    count(DISTINCT line.order_id) FILTER (WHERE line.order_id LIKE 'uci:C%')
        AS cancellation_invoices,
    count(*) FILTER (WHERE line.order_id LIKE 'uci:A%') AS "adjustment_rows_invoice_starts_A",
    count(*) FILTER (WHERE line.customer_no < 0) AS missing_customer_id,
    count(*) FILTER (WHERE line.quantity < 0) AS negative_quantity,
    count(*) FILTER (WHERE line.quantity < 0 AND line.order_id NOT LIKE 'uci:C%')
        AS negative_quantity_not_cancelled,
    count(*) FILTER (WHERE line.unit_price = 0) AS zero_price,
    count(*) FILTER (WHERE line.unit_price < 0) AS negative_price,
    count(*) FILTER (WHERE product.product_id !~ '^[0-9]{5}') AS rows_with_non_product_stock_code,
    count(DISTINCT product.product_id) FILTER (WHERE product.product_id !~ '^[0-9]{5}')
        AS non_product_stock_codes_not_starting_with_5_digits
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key;
