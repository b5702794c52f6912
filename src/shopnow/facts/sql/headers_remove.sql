-- Purpose: headers of known orders give way to what they are now; one that a repetition leaves as
-- it was keeps its row (idempotence). A customer's version is bound when the header changes.
-- Grain: one row an order.
-- Parameters: none.
DELETE FROM dwh.fact_order_header AS stored
USING header_stored AS before, header_write AS header
WHERE stored.order_id = before.order_id
    AND stored.order_on = before.order_on
    AND header.order_id = stored.order_id
    AND (
        header.order_on,
        header.status,
        header.purchased_at,
        header.approved_at,
        header.shipped_at,
        header.delivered_at,
        header.promised_at,
        header.cancelled_at,
        header.customer_no,
        header.declared_total,
        header.computed_total,
        header.currency,
        header.is_complete,
        header.seller_nos,
        header.source
    ) IS DISTINCT FROM (
        stored.order_on,
        stored.status,
        stored.purchased_at,
        stored.approved_at,
        stored.shipped_at,
        stored.delivered_at,
        stored.promised_at,
        stored.cancelled_at,
        stored.customer_no,
        stored.declared_total,
        stored.computed_total,
        stored.currency,
        stored.is_complete,
        stored.seller_nos,
        stored.source
    )
