-- Purpose: a product that is gone has a version that says so; the one before is closed already.
-- Parameters: day, when what the delivery says was true.
INSERT INTO dim_product (
    seller_id, product_id, title, description, brand, gtin, source_category, status, valid_from,
    is_deleted
)
SELECT
    held.seller_id,
    held.product_id,
    held.title,
    held.description,
    held.brand,
    held.gtin,
    held.source_category,
    held.status,
    %(day)s,
    TRUE
FROM dim_product AS held
INNER JOIN product_delta AS delta
    ON held.product_key = delta.product_key
WHERE delta.change = 'D';
