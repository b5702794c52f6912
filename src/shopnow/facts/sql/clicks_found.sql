-- Purpose: products of the batch that clicks were waiting for: their clicks follow with the next job
-- that binds facts anew.
-- Grain: one row a product.
-- Parameters: deliveries (bigint[]), run_at.
WITH named AS (
    SELECT
        product.seller_no,
        product.product_id
    FROM staging.product_row AS product
    WHERE product.delivery_key = any(%(deliveries)s)
    UNION
    SELECT
        item.seller_no,
        item.product_id
    FROM staging.item_row AS item
    WHERE item.delivery_key = any(%(deliveries)s)
    UNION
    SELECT
        offer.seller_no,
        offer.product_id
    FROM staging.offer_row AS offer
    WHERE offer.delivery_key = any(%(deliveries)s)
),

found AS (
    DELETE FROM history.click_unbound AS unbound
    USING named
    WHERE named.seller_no = unbound.seller_no
        AND named.product_id = unbound.product_id
        AND EXISTS (
            SELECT 1
            FROM dwh.dim_product AS known
            WHERE known.seller_no = unbound.seller_no
                AND known.product_id = unbound.product_id
        )
    RETURNING unbound.seller_no, unbound.product_id, unbound.first_at, unbound.last_at
)

INSERT INTO history.retie_due (dimension, seller_no, natural_key, changed, noted_at)
SELECT
    'product',
    found.seller_no,
    found.product_id,
    tstzmultirange(tstzrange(found.first_at, found.last_at + interval '1 microsecond')),
    %(run_at)s
FROM found
