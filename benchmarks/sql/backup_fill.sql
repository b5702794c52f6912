-- Purpose: order lines of one quarter, as wide as real ones. Parameters: first, rows.
INSERT INTO dwh.fact_order (
    seller_no, order_id, line_no, order_on, seller_key, product_key, customer_key, customer_no,
    category_id, ordered_at, quantity, unit_price, line_amount, currency, line_status, order_ref,
    buyer_ref, buyer_region, is_late, said_at, source_rank, content_hash, batch_no, delivery_key,
    record_no, source_line
)
SELECT
    mod(n, 900) + 1,
    'bench:' || n,
    1,
    DATE '2025-01-01' + (mod(n, 90))::integer,
    mod(n, 900) + 1,
    mod(n, 100000),
    mod(n, 300000),
    mod(n, 300000),
    'cat-' || mod(n, 200),
    TIMESTAMPTZ '2025-01-01 00:00+00' + make_interval(secs => n),
    (mod(n, 4) + 1)::integer,
    mod(n, 10000) / 7.0,
    mod(n, 10000) / 7.0,
    'EUR',
    'delivered',
    md5(n::text),
    md5((mod(n, 300000))::text),
    'Lyon',
    FALSE,
    TIMESTAMPTZ '2025-01-01 00:00+00',
    1,
    hashint8extended(n, 0),
    1,
    1,
    (mod(n, 2000000000))::integer,
    n
FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(rows)s::bigint - 1) AS n
