-- Purpose: the two reserved products of every seller that has none yet.
-- Grain: two rows a seller.
-- Parameters: none.
WITH opened AS (
    UPDATE security.seller
    SET has_reserved_products = TRUE
    WHERE NOT has_reserved_products
    RETURNING seller_no
)

INSERT INTO dwh.dim_product (
    seller_no, product_id, product_key, title, valid_from, valid_to, is_current, version,
    known_from, delivery_key, record_no, source_line
)
SELECT
    opened.seller_no,
    member.product_id,
    nextval('dwh.reserved_product_key_seq'),
    member.title,
    '1900-01-01 00:00+00',
    '9999-12-31 00:00+00',
    TRUE,
    1,
    '1900-01-01 00:00+00',
    0,
    0,
    0
FROM opened
CROSS JOIN (
    VALUES ('#unknown', 'Produit inconnu'), ('#n/a', 'Sans objet')
) AS member (product_id, title)
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.dim_product AS known
        WHERE known.seller_no = opened.seller_no
            AND known.product_id = member.product_id
    )
