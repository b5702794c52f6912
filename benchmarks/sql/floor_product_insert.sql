-- Purpose: the first load of the dimension, all rows of the staging table.
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
    CASE status WHEN 'inactive' THEN 'paused' WHEN 'discontinued' THEN 'withdrawn' ELSE status END,
    updated_at
FROM stage_product;
