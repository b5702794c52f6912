-- Purpose: what the batch says of orders' headers, with what the lines of the order say together in
-- the same delivery: their total and sellers. An order of which only lines or payments come is
-- stated by them, with the lowest rank.
-- Grain: one row a statement, those of lines in the order of order_id.
-- Parameters: deliveries (bigint[]); bits of `present`: source 1, customer 2, status 4,
-- purchased 8, currency 1024.
CREATE TEMPORARY TABLE header_said ON COMMIT DROP AS
WITH order_lines AS MATERIALIZED (
    SELECT
        item.order_id,
        item.delivery_key,
        max(item.said_at) AS said_at,
        max(item.customer_no) AS customer_no,
        CASE WHEN min(item.line_status) = max(item.line_status) THEN min(item.line_status) END
            AS status,
        min(item.ordered_at) AS purchased_at,
        min(item.promised_at) AS promised_at,
        max(item.delivered_at) AS delivered_at,
        min(item.currency) AS currency,
        sum(item.quantity * item.unit_price + coalesce(item.freight_amount, 0)) AS total,
        array_agg(DISTINCT item.seller_no) AS seller_nos,
        -- Whether a line lacks a word that another line, or the implied header, has for it.
        count(item.ordered_at) < count(*)
        OR count(item.customer_no) < count(*)
        OR count(item.line_status) < count(*)
        OR count(item.delivered_at) NOT IN (0, count(*))
        OR count(item.promised_at) NOT IN (0, count(*)) AS is_uneven,
        min(item.record_no) AS record_no,
        min(item.line_no) AS line_no
    FROM staging.item_row AS item
    WHERE item.delivery_key = any(%(deliveries)s)
    GROUP BY item.order_id, item.delivery_key
),

implied AS (
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
            FROM order_lines AS item
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
    said.line_no AS source_line,
    lines.total,
    lines.seller_nos
FROM staging.order_row AS said
LEFT JOIN order_lines AS lines
    ON lines.delivery_key = said.delivery_key
        AND lines.order_id = said.order_id
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
    implied.line_no,
    implied.total,
    implied.seller_nos
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
    paid.line_no,
    NULL,
    NULL
FROM paid
INNER JOIN staging.delivery AS delivery
    ON delivery.delivery_key = paid.delivery_key
