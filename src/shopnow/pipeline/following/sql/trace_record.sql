-- Purpose: every row of the warehouse that comes from one record of a delivery.
-- Grain: one row a row of the warehouse, statement or reject.
-- Parameters: delivery_key, record_no.
SELECT
    'order' AS kind,
    t.order_id AS name,
    NULL::integer AS seller_no,
    NULL::bigint AS line_no,
    t.purchased_at AS at,
    t.batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.fact_order_header AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'item' AS kind,
    t.order_id AS name,
    t.seller_no,
    t.line_no,
    t.ordered_at AS at,
    t.batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.fact_order AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'payment' AS kind,
    t.order_id AS name,
    NULL::integer AS seller_no,
    t.payment_no::bigint AS line_no,
    t.said_at AS at,
    t.batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.fact_payment AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'offer' AS kind,
    t.product_id AS name,
    t.seller_no,
    NULL::bigint AS line_no,
    t.observed_at AS at,
    t.batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.fact_offer AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'click' AS kind,
    t.event_key::text AS name,
    t.seller_no,
    NULL::bigint AS line_no,
    t.event_at AS at,
    t.batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.fact_clickstream AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'product' AS kind,
    t.product_id AS name,
    t.seller_no,
    t.version::bigint AS line_no,
    t.valid_from AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.dim_product AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'seller' AS kind,
    t.seller_id AS name,
    t.seller_no,
    t.version::bigint AS line_no,
    t.valid_from AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.dim_seller AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'customer' AS kind,
    t.customer_no::text AS name,
    NULL::integer AS seller_no,
    t.version::bigint AS line_no,
    t.valid_from AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM dwh.dim_customer AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'order statement' AS kind,
    t.order_id AS name,
    NULL::integer AS seller_no,
    NULL::bigint AS line_no,
    t.effective_at AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM history.order_change AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'product statement' AS kind,
    t.product_id AS name,
    t.seller_no,
    NULL::bigint AS line_no,
    t.effective_at AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM history.product_change AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'offer statement' AS kind,
    t.product_id AS name,
    t.seller_no,
    NULL::bigint AS line_no,
    t.effective_at AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM history.offer_change AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'seller statement' AS kind,
    t.seller_no::text AS name,
    t.seller_no,
    NULL::bigint AS line_no,
    t.effective_at AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM history.seller_change AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'customer statement' AS kind,
    t.customer_no::text AS name,
    NULL::integer AS seller_no,
    NULL::bigint AS line_no,
    t.effective_at AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM history.customer_change AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
UNION ALL
SELECT
    'reject' AS kind,
    t.kind || ' : ' || array_to_string(t.rule_codes, ', ') AS name,
    NULL::integer AS seller_no,
    NULL::bigint AS line_no,
    t.rejected_at AS at,
    NULL::bigint AS batch_no,
    t.delivery_key,
    t.record_no,
    t.line_no AS source_line
FROM quality.reject AS t
WHERE t.delivery_key = %(delivery_key)s
    AND t.record_no = %(record_no)s
ORDER BY kind ASC, name ASC, at ASC
