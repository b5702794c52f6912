-- Purpose: headers of known orders that are new or have changed.
-- Grain: one row an order.
-- Parameters: none.
INSERT INTO dwh.fact_order_header (
    order_id, order_on, status, purchased_at, approved_at, shipped_at, delivered_at, promised_at,
    cancelled_at, customer_key, customer_no, declared_total, computed_total, currency,
    is_complete, seller_nos, source, batch_no, delivery_key, record_no, source_line
)
SELECT
    header.order_id,
    header.order_on,
    header.status,
    header.purchased_at,
    header.approved_at,
    header.shipped_at,
    header.delivered_at,
    header.promised_at,
    header.cancelled_at,
    header.customer_key,
    header.customer_no,
    header.declared_total,
    header.computed_total,
    header.currency,
    header.is_complete,
    header.seller_nos,
    header.source,
    header.batch_no,
    header.delivery_key,
    header.record_no,
    header.source_line
FROM header_write AS header
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.fact_order_header AS stored
        WHERE stored.order_id = header.order_id
            AND stored.order_on = header.order_on
    )
