-- Purpose: the versions of a product, of its offer, and the statements of its feeds; what orders
-- say of it in passing, and what only confirms, is left out.
-- Grain: one row a version or statement.
-- Parameters: seller_no, product_id.
SELECT
    'product' AS kind,
    p.product_id AS name,
    p.seller_no,
    p.version::bigint AS line_no,
    p.valid_from AS at,
    NULL::bigint AS batch_no,
    p.delivery_key,
    p.record_no,
    p.source_line
FROM dwh.dim_product AS p
WHERE p.seller_no = %(seller_no)s
    AND p.product_id = %(product_id)s
UNION ALL
SELECT
    'offer' AS kind,
    o.product_id AS name,
    o.seller_no,
    NULL::bigint AS line_no,
    o.observed_at AS at,
    o.batch_no,
    o.delivery_key,
    o.record_no,
    o.source_line
FROM dwh.fact_offer AS o
WHERE o.seller_no = %(seller_no)s
    AND o.product_id = %(product_id)s
UNION ALL
SELECT
    'product statement' AS kind,
    c.product_id AS name,
    c.seller_no,
    NULL::bigint AS line_no,
    c.effective_at AS at,
    NULL::bigint AS batch_no,
    c.delivery_key,
    c.record_no,
    c.source_line
FROM history.product_change AS c
WHERE c.seller_no = %(seller_no)s
    AND c.product_id = %(product_id)s
    AND c.source_rank >= 10
    AND c.kind <> 'confirm'
ORDER BY kind ASC, at ASC
