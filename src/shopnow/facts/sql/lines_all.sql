-- Purpose: the lines of a batch in which none was said before, none is said twice, and none needs a
-- word of its header: all of them as they stand in staging; `lines_insert` writes them.
-- Grain: one row a line.
-- Parameters: deliveries (bigint[]), zone.
SELECT
    item.seller_no,
    item.order_id,
    item.order_line_no AS line_no,
    item.ordered_at,
    (item.ordered_at AT TIME ZONE %(zone)s)::date AS order_on,
    item.product_id,
    item.customer_no,
    item.quantity,
    item.unit_price,
    item.freight_amount,
    item.commission_amount,
    item.currency,
    item.line_status,
    item.order_ref,
    item.buyer_ref,
    item.buyer_region,
    item.delivered_at > item.promised_at AS is_late,
    item.said_at,
    item.source_rank,
    item.source_sequence AS said_sequence,
    item.content_hash,
    item.delivery_key,
    item.record_no,
    item.line_no AS source_line
FROM staging.item_row AS item
WHERE item.delivery_key = any(%(deliveries)s)
