-- Purpose: an order of every customer.
-- Parameters: at.
INSERT INTO dwh.fact_order_header (
    order_id, order_on, purchased_at, customer_key, customer_no, is_complete, seller_nos, source,
    batch_no, delivery_key, record_no, source_line
)
SELECT
    'bench:' || d.customer_no,
    '2026-01-01',
    %(at)s,
    d.customer_key,
    d.customer_no,
    TRUE,
    '{0}',
    'bench',
    1,
    1,
    d.record_no,
    d.source_line
FROM dwh.dim_customer AS d
WHERE d.customer_no > 0
