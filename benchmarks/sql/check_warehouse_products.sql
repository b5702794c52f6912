-- Purpose: products of the file that have not exactly one current row in the warehouse, or one
-- that says something else (0 is right). The seller is found as its registry finds it.
SELECT count(*)
FROM stage_product AS truth
LEFT JOIN security.seller_identifier AS known
    ON
        truth.seller_id = known.seller_id
        AND known.source = 'bench'
LEFT JOIN dwh.dim_product AS product
    ON
        known.seller_no = product.seller_no
        AND truth.product_id = product.product_id
        AND product.is_current
WHERE
    (
        truth.title, truth.description, truth.brand, truth.gtin, truth.category,
        truth.updated_at, FALSE,
        CASE truth.status
            WHEN 'inactive' THEN 'paused'
            WHEN 'discontinued' THEN 'withdrawn'
            ELSE truth.status
        END
    )
    IS DISTINCT FROM (
        product.title, product.description, product.brand, product.gtin, product.source_category,
        product.valid_from, product.is_deleted, product.status
    );
