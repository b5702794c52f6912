-- Purpose: the batch's lines, each with its header's words where it has none of its own, and the
-- place among the statements of its key: the last one by scd.md R2 is first.
-- Grain: one row a staged line.
-- Parameters: deliveries (bigint[]), zone.
CREATE TEMPORARY TABLE line_said ON COMMIT DROP AS
SELECT
    item.seller_no,
    item.order_id,
    item.order_line_no AS line_no,
    coalesce(item.ordered_at, header.purchased_at) AS ordered_at,
    (coalesce(item.ordered_at, header.purchased_at) AT TIME ZONE %(zone)s)::date AS order_on,
    item.product_id,
    coalesce(item.customer_no, header.customer_no, -1) AS customer_no,
    item.quantity,
    item.unit_price,
    item.freight_amount,
    item.commission_amount,
    item.currency,
    coalesce(item.line_status, header.status) AS line_status,
    coalesce(item.delivered_at, header.delivered_at)
    > coalesce(item.promised_at, header.promised_at) AS is_late,
    item.order_ref,
    item.buyer_ref,
    item.buyer_region,
    item.said_at,
    item.source_rank,
    item.source_sequence AS said_sequence,
    item.content_hash,
    header.is_known,
    item.delivery_key,
    item.record_no,
    item.line_no AS source_line
FROM staging.item_row AS item
INNER JOIN header_now AS header
    ON header.order_id = item.order_id
WHERE item.delivery_key = any(%(deliveries)s)
