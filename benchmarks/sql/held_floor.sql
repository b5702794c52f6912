-- Purpose: the versions that the floor holds. Grain: a version.
CREATE TEMPORARY TABLE held AS
SELECT
    seller_id,
    product_id,
    title,
    description,
    brand,
    gtin,
    source_category,
    status,
    valid_from,
    valid_to,
    is_current,
    is_deleted
FROM dim_product;
