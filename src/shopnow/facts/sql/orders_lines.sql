-- Purpose: what the lines of each order of the batch say together: its totals, its sellers, and the
-- header that they imply.
-- Grain: one row an order and delivery.
-- Parameters: deliveries (bigint[]).
CREATE TEMPORARY TABLE order_lines ON COMMIT DROP AS
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
    -- Most orders have one seller; several are made distinct where they are written.
    CASE
        WHEN min(item.seller_no) = max(item.seller_no) THEN ARRAY[min(item.seller_no)]
        ELSE array_agg(item.seller_no)
    END AS seller_nos,
    min(item.record_no) AS record_no,
    min(item.line_no) AS line_no
FROM staging.item_row AS item
WHERE item.delivery_key = any(%(deliveries)s)
GROUP BY item.order_id, item.delivery_key
