-- Purpose: an inferred member for every product that facts of the batch name and nothing is known of.
-- Grain: one row a product.
-- Parameters: deliveries (bigint[]), run_at.
INSERT INTO dwh.dim_product (
    seller_no, product_id, valid_from, valid_to, is_current, is_inferred, version, known_from,
    delivery_key, record_no, source_line
)
SELECT DISTINCT ON (named.seller_no, named.product_id)
    named.seller_no,
    named.product_id,
    '1900-01-01 00:00+00'::timestamptz,
    '9999-12-31 00:00+00'::timestamptz,
    TRUE,
    TRUE,
    1,
    %(run_at)s::timestamptz,
    named.delivery_key,
    named.record_no,
    named.line_no
FROM (
    SELECT
        item.seller_no,
        item.product_id,
        item.delivery_key,
        item.record_no,
        item.line_no
    FROM staging.item_row AS item
    WHERE item.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT
        offer.seller_no,
        offer.product_id,
        offer.delivery_key,
        offer.record_no,
        offer.line_no
    FROM staging.offer_row AS offer
    WHERE offer.delivery_key = any(%(deliveries)s)
        AND offer.product_id IS NOT NULL
) AS named
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.dim_product AS known
        WHERE known.seller_no = named.seller_no
            AND known.product_id = named.product_id
            AND known.valid_to = '9999-12-31 00:00+00'
    )
ORDER BY named.seller_no, named.product_id, named.delivery_key, named.record_no
