-- Purpose: order lines of some customers, for the answer to an access request.
-- Grain: one row a line.
-- Parameters: subjects (bigint[]).
SELECT
    f.order_id,
    f.line_no,
    f.ordered_at,
    s.seller_id,
    s.seller_name,
    p.product_id,
    p.title,
    f.quantity,
    f.unit_price,
    f.line_amount,
    f.freight_amount,
    f.currency,
    f.line_status
FROM dwh.fact_order AS f
INNER JOIN dwh.dim_seller AS s
    ON f.seller_no = s.seller_no
        AND f.seller_key = s.seller_key
INNER JOIN dwh.dim_product AS p
    ON f.seller_no = p.seller_no
        AND f.product_key = p.product_key
WHERE f.customer_no = any(%(subjects)s::bigint[])
ORDER BY f.ordered_at, f.order_id, f.line_no
