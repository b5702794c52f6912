-- Purpose: order lines of two years up to today, of all sellers, in the order of their days.
-- Parameters: lines (how many), sellers (numbers from 1 on).
INSERT INTO dwh.fact_order (
    seller_no, order_id, line_no, order_on, seller_key, product_key, customer_key, customer_no,
    ordered_at, quantity, unit_price, line_amount, freight_amount, commission_amount, currency,
    order_ref, said_at, source_rank, content_hash, batch_no, delivery_key, record_no, source_line
)
SELECT
    1 + n %% %(sellers)s,
    'filled:' || n,
    1,
    day.day_on,
    1,
    1,
    -1,
    -1,
    day.day_on,
    1 + n %% 3,
    10 + n %% 90,
    (1 + n %% 3) * (10 + n %% 90),
    0,
    1,
    'EUR',
    'filled-' || n,
    day.day_on,
    0,
    n,
    1,
    1,
    1,
    n
FROM generate_series(0::bigint, %(lines)s - 1) AS n
CROSS JOIN
    LATERAL (SELECT current_date - 730 + (n * 731 / %(lines)s)::integer AS day_on) AS day
