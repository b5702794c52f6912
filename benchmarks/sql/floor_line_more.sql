-- Purpose: only the lines that the facts do not hold yet, each with the key of the version that was
-- true when it was ordered.
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
FROM (
    SELECT
        stage.order_id,
        stage.line_no,
        stage.order_ts,
        stage.customer_id,
        stage.seller_id,
        stage.product_id,
        stage.qty,
        stage.unit_price,
        stage.currency,
        stage.status
    FROM stage_line AS stage
    WHERE NOT EXISTS (
            SELECT 1
            FROM fact_order AS known
            WHERE
                known.order_id = stage.order_id
                AND known.line_no = stage.line_no
        )
) AS line
LEFT JOIN dim_product AS product
    ON
        line.seller_id = product.seller_id
        AND line.product_id = product.product_id
        AND line.order_ts >= product.valid_from
        AND line.order_ts < product.valid_to
ON CONFLICT DO NOTHING;
