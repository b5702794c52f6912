-- Purpose: lines that nobody said before, straight from staging, with their header's words where
-- they lack one; `lines_insert` writes them.
-- Grain: one row a line.
-- Parameters: deliveries (bigint[]), zone.
SELECT
    item.seller_no,
    item.order_id,
    item.order_line_no AS line_no,
    dated.ordered_at,
    (dated.ordered_at AT TIME ZONE %(zone)s)::date AS order_on,
    item.product_id,
    coalesce(item.customer_no, header.customer_no, -1) AS customer_no,
    item.quantity,
    item.unit_price,
    item.freight_amount,
    item.commission_amount,
    item.currency,
    coalesce(item.line_status, header.status) AS line_status,
    item.order_ref,
    item.buyer_ref,
    item.buyer_region,
    coalesce(item.delivered_at, header.delivered_at)
    > coalesce(item.promised_at, header.promised_at) AS is_late,
    item.said_at,
    item.source_rank,
    item.source_sequence AS said_sequence,
    item.content_hash,
    item.delivery_key,
    item.record_no,
    item.line_no AS source_line
FROM staging.item_row AS item
LEFT JOIN header_said AS header
    ON header.order_id = item.order_id
        AND header.is_needed
CROSS JOIN
    LATERAL (
        -- The date of a header that was sent, else the line's own. An implied header is
        -- needed where a line of the order lacks a word only.
        SELECT
            coalesce(
                CASE WHEN NOT header.is_implied THEN header.purchased_at END,
                item.ordered_at,
                header.purchased_at,
                header.effective_at
            ) AS ordered_at
    ) AS dated
WHERE item.delivery_key = any(%(deliveries)s)
    AND NOT EXISTS (
        SELECT 1
        FROM order_known AS known
        WHERE known.order_id = item.order_id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM line_twice AS twice
        WHERE twice.seller_no = item.seller_no
            AND twice.order_id = item.order_id
            AND twice.order_line_no = item.order_line_no
    )
