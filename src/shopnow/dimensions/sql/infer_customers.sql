-- Purpose: an inferred member for every customer whom the batch names and nothing is known of.
-- Grain: one row a customer.
-- Parameters: deliveries (bigint[]), run_at.
INSERT INTO dwh.dim_customer (
    customer_no, customer_id, valid_from, valid_to, is_current, is_inferred, version, known_from,
    delivery_key, record_no, source_line
)
SELECT DISTINCT ON (seen.customer_no)
    seen.customer_no,
    seen.customer_id,
    '1900-01-01 00:00+00'::timestamptz,
    '9999-12-31 00:00+00'::timestamptz,
    TRUE,
    TRUE,
    1,
    %(run_at)s::timestamptz,
    seen.delivery_key,
    0,
    0
FROM staging.customer_seen AS seen
WHERE seen.delivery_key = any(%(deliveries)s)
    AND NOT EXISTS (
        SELECT 1
        FROM dwh.dim_customer AS known
        WHERE known.customer_no = seen.customer_no
            AND known.valid_to = '9999-12-31 00:00+00'
    )
ORDER BY seen.customer_no, seen.delivery_key
