-- Purpose: all lines with the key of the version that was true when they were ordered; a product
-- that the dimension does not hold is -1, unknown.
INSERT INTO fact_order (
    order_id, line_no, product_key, customer_id, ordered_at, quantity, unit_price, line_amount,
    currency, line_status
)
SELECT
    line.order_id,
    line.line_no,
    coalesce(product.product_key, -1),
    line.customer_id,
    line.order_ts,
    line.qty,
    line.unit_price,
    line.qty * line.unit_price,
    line.currency,
    line.status
FROM stage_line AS line
LEFT JOIN dim_product AS product
    ON
        line.seller_id = product.seller_id
        AND line.product_id = product.product_id
        AND line.order_ts >= product.valid_from
        AND line.order_ts < product.valid_to;
