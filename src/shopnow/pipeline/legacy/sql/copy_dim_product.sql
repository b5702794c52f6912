-- Purpose: the former products.
-- Grain: one row a product.
-- Parameters: none.
CREATE TEMPORARY TABLE dim_product (
    product_id text,
    name text,
    category text
) ON COMMIT DROP
