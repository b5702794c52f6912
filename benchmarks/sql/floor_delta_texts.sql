-- Purpose: type 1: the text of the one version is overwritten.
UPDATE dim_product AS held
SET
    title = delta.title,
    description = delta.description,
    brand = delta.brand,
    gtin = delta.gtin,
    source_category = delta.category
FROM product_delta AS delta
WHERE
    held.ctid = delta.place
    AND delta.change = '1';
