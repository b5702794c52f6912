-- Purpose: what the batch says of orders' headers; an order of which only lines or payments come is
-- stated by them, with the lowest rank.
-- Grain: one row a statement.
-- Parameters: deliveries (bigint[]); bits of `present`: source 1, customer 2, status 4,
-- purchased 8, currency 1024.
CREATE TEMPORARY TABLE header_said ON COMMIT DROP AS
WITH implied AS (
    SELECT lines.*
    FROM order_lines AS lines
    WHERE NOT EXISTS (
            SELECT 1
            FROM staging.order_row AS said
            WHERE said.delivery_key = lines.delivery_key
                AND said.order_id = lines.order_id
        )
),

paid AS (
    SELECT
        payment.order_id,
        payment.delivery_key,
        max(payment.said_at) AS said_at,
        min(payment.currency) AS currency,
        min(payment.record_no) AS record_no,
        min(payment.line_no) AS line_no
    FROM staging.payment_row AS payment
    WHERE payment.delivery_key = any(%(deliveries)s)
        AND NOT EXISTS (
            SELECT 1
            FROM staging.order_row AS said
            WHERE said.delivery_key = payment.delivery_key
                AND said.order_id = payment.order_id
        )
        AND NOT EXISTS (
            SELECT 1
            FROM implied AS item
            WHERE item.delivery_key = payment.delivery_key
                AND item.order_id = payment.order_id
        )
    GROUP BY payment.order_id, payment.delivery_key
)

SELECT
    said.order_id,
    said.said_at AS effective_at,
    said.source_rank,
    said.source_sequence,
    said.content_hash,
    said.present,
    said.source,
    said.customer_no,
    said.status,
    said.purchased_at,
    said.approved_at,
    said.shipped_at,
    said.delivered_at,
    said.promised_at,
    said.cancelled_at,
    said.declared_total,
    said.currency,
    said.buyer_region,
    FALSE AS is_implied,
    TRUE AS is_needed,
    said.delivery_key,
    said.record_no,
    said.line_no AS source_line
FROM staging.order_row AS said
WHERE said.delivery_key = any(%(deliveries)s)
UNION ALL
SELECT
    implied.order_id,
    implied.said_at,
    0,
    NULL,
    ('x' || left(md5(concat_ws(
        '|', implied.status, implied.purchased_at, implied.promised_at, implied.delivered_at,
        implied.currency
    )), 16))::bit(64)::bigint,
    1
    + CASE WHEN implied.customer_no IS NULL THEN 0 ELSE 2 END
    + CASE WHEN implied.status IS NULL THEN 0 ELSE 4 END
    + CASE WHEN implied.purchased_at IS NULL THEN 0 ELSE 8 END
    + CASE WHEN implied.delivered_at IS NULL THEN 0 ELSE 64 END
    + CASE WHEN implied.promised_at IS NULL THEN 0 ELSE 128 END
    + 1024,
    delivery.source,
    implied.customer_no,
    implied.status,
    implied.purchased_at,
    NULL,
    NULL,
    implied.delivered_at,
    implied.promised_at,
    NULL,
    NULL,
    implied.currency,
    NULL,
    TRUE,
    implied.is_uneven,
    implied.delivery_key,
    implied.record_no,
    implied.line_no
FROM implied
INNER JOIN staging.delivery AS delivery
    ON delivery.delivery_key = implied.delivery_key
UNION ALL
SELECT
    paid.order_id,
    paid.said_at,
    0,
    NULL,
    ('x' || left(md5(concat_ws('|', 'paid', paid.currency)), 16))::bit(64)::bigint,
    1 + 1024,
    delivery.source,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    paid.currency,
    NULL,
    TRUE,
    TRUE,
    paid.delivery_key,
    paid.record_no,
    paid.line_no
FROM paid
INNER JOIN staging.delivery AS delivery
    ON delivery.delivery_key = paid.delivery_key
