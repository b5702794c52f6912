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
