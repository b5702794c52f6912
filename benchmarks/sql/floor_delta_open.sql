-- Purpose: versions that begin: of changed and of new products.
INSERT INTO dim_product (
    seller_id, product_id, title, description, brand, gtin, source_category, status, valid_from
)
SELECT
    seller_id,
    product_id,
    title,
    description,
    brand,
    gtin,
    category,
    status,
    updated_at
FROM product_delta
WHERE change IN ('2', 'N');
