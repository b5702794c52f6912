-- Purpose: an inferred member for products of released offers of which nothing is known.
-- Grain: one row a product.
-- Parameters: run_at.
INSERT INTO dwh.dim_product (
    seller_no, product_id, valid_from, valid_to, is_current, is_inferred, version, known_from,
    delivery_key, record_no, source_line
)
SELECT DISTINCT ON (said.seller_no, said.product_id)
    said.seller_no,
    said.product_id,
    '1900-01-01 00:00+00'::timestamptz,
    '9999-12-31 00:00+00'::timestamptz,
    TRUE,
    TRUE,
    1,
    %(run_at)s::timestamptz,
    said.delivery_key,
    said.record_no,
    said.line_no
FROM offer_said AS said
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.dim_product AS known
        WHERE known.seller_no = said.seller_no
            AND known.product_id = said.product_id
            AND known.valid_to = '9999-12-31 00:00+00'
    )
ORDER BY said.seller_no, said.product_id, said.delivery_key, said.record_no
