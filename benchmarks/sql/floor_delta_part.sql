-- Purpose: what a delivery of a part changes, found in one join: 1 a text, 2 the status, N a new product
-- (absent products are no news). Grain: a product that changes.
CREATE UNLOGGED TABLE product_delta AS
SELECT
    held.place,
    held.product_key,
    stage.seller_id,
    stage.product_id,
    stage.title,
    stage.description,
    stage.brand,
    stage.gtin,
    stage.category,
    stage.status,
    stage.updated_at,
    CASE
        WHEN held.place IS NULL THEN 'N'
        WHEN stage.status <> held.status THEN '2'
        ELSE '1'
    END AS change
FROM (
    SELECT
        seller_id,
        product_id,
        title,
        description,
        brand,
        gtin,
        category,
        CASE status
            WHEN 'inactive' THEN 'paused'
            WHEN 'discontinued' THEN 'withdrawn'
            ELSE status
        END AS status,
        updated_at
    FROM stage_product
) AS stage
LEFT JOIN (
    SELECT
        ctid AS place,
        product_key,
        seller_id,
        product_id,
        title,
        description,
        brand,
        gtin,
        source_category,
        status
    FROM dim_product
    WHERE is_current
) AS held
    ON
        stage.seller_id = held.seller_id
        AND stage.product_id = held.product_id
WHERE held.place IS NULL
    OR stage.title IS DISTINCT FROM held.title
    OR stage.description IS DISTINCT FROM held.description
    OR stage.brand IS DISTINCT FROM held.brand
    OR stage.gtin IS DISTINCT FROM held.gtin
    OR stage.category IS DISTINCT FROM held.source_category
    OR stage.status IS DISTINCT FROM held.status;
