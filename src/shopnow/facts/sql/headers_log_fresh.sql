-- Purpose: the one statement about each order never heard of goes to the change log.
-- Grain: one row an order.
-- Parameters: run_at.
INSERT INTO history.order_change (
    order_id, effective_at, source_rank, source_sequence, content_hash, kind, present, source,
    customer_no, status, purchased_at, approved_at, shipped_at, delivered_at, promised_at,
    cancelled_at, declared_total, currency, known_from, delivery_key, record_no, source_line
)
SELECT
    said.order_id,
    said.effective_at,
    said.source_rank,
    said.source_sequence,
    said.content_hash,
    'upsert',
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
    %(run_at)s,
    said.delivery_key,
    said.record_no,
    said.source_line
FROM header_said AS said
WHERE NOT EXISTS (
        SELECT 1
        FROM order_known AS known
        WHERE known.order_id = said.order_id
    )
