-- Purpose: the rows of an order, and the statements that its header was folded from.
-- Grain: one row a header, line, payment or statement.
-- Parameters: orders (text[], the names it may bear), line_no (bigint or null).
SELECT
    'order' AS kind,
    h.order_id AS name,
    NULL::integer AS seller_no,
    NULL::bigint AS line_no,
    h.purchased_at AS at,
    h.batch_no,
    h.delivery_key,
    h.record_no,
    h.source_line
FROM dwh.fact_order_header AS h
WHERE h.order_id = any(%(orders)s)
    AND %(line_no)s::bigint IS NULL
UNION ALL
SELECT
    'item' AS kind,
    l.order_id AS name,
    l.seller_no,
    l.line_no,
    l.ordered_at AS at,
    l.batch_no,
    l.delivery_key,
    l.record_no,
    l.source_line
FROM dwh.fact_order AS l
WHERE l.order_id = any(%(orders)s)
    AND (%(line_no)s::bigint IS NULL OR l.line_no = %(line_no)s)
UNION ALL
SELECT
    'payment' AS kind,
    p.order_id AS name,
    NULL::integer AS seller_no,
    p.payment_no::bigint AS line_no,
    p.said_at AS at,
    p.batch_no,
    p.delivery_key,
    p.record_no,
    p.source_line
FROM dwh.fact_payment AS p
WHERE p.order_id = any(%(orders)s)
    AND %(line_no)s::bigint IS NULL
UNION ALL
SELECT
    'order statement' AS kind,
    c.order_id AS name,
    NULL::integer AS seller_no,
    NULL::bigint AS line_no,
    c.effective_at AS at,
    NULL::bigint AS batch_no,
    c.delivery_key,
    c.record_no,
    c.source_line
FROM history.order_change AS c
WHERE c.order_id = any(%(orders)s)
    AND %(line_no)s::bigint IS NULL
ORDER BY kind ASC, seller_no ASC, line_no ASC, at ASC
