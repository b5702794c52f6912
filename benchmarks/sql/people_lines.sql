-- Purpose: a line of every order.
-- Parameters: at.
INSERT INTO dwh.fact_order (
    seller_no, order_id, line_no, order_on, seller_key, product_key, customer_key, customer_no,
    ordered_at, quantity, unit_price, line_amount, currency, order_ref, buyer_ref, said_at,
    source_rank, content_hash, batch_no, delivery_key, record_no, source_line
)
SELECT
    0,
    'bench:' || d.customer_no,
    1,
    '2026-01-01',
    0,
    -1,
    d.customer_key,
    d.customer_no,
    %(at)s,
    1,
    10,
    10,
    'EUR',
    d.customer_id,
    d.customer_id,
    %(at)s,
    1,
    1,
    1,
    1,
    d.record_no,
    d.source_line
FROM dwh.dim_customer AS d
WHERE d.customer_no > 0
