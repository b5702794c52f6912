-- Purpose: the versions that the warehouse holds, its reserved members aside (their keys are below
-- zero). Grain: a version.
CREATE TEMPORARY TABLE held AS
SELECT
    known.seller_id,
    product.product_id,
    product.title,
    product.description,
    product.brand,
    product.gtin,
    product.source_category,
    product.status,
    product.valid_from,
    product.valid_to,
    product.is_current,
    product.is_deleted
FROM dwh.dim_product AS product
LEFT JOIN security.seller_identifier AS known
    ON
        product.seller_no = known.seller_no
        AND known.source = 'bench'
WHERE
    product.product_key > 0
    AND NOT product.is_inferred;
