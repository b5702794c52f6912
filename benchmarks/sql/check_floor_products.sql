-- Purpose: products of the file that the floor's dimension lacks or holds otherwise (0 is right).
SELECT count(*)
FROM stage_product AS truth
LEFT JOIN dim_product AS product
    ON
        truth.seller_id = product.seller_id
        AND truth.product_id = product.product_id
        AND product.is_current
WHERE
    (truth.title, truth.description, truth.brand, truth.gtin, truth.category, truth.updated_at)
    IS DISTINCT FROM (
        product.title, product.description, product.brand, product.gtin, product.source_category,
        product.valid_from
    );
