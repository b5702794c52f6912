-- Purpose: the versions that both files make: the first day's, the second day's where the status
-- differs or the product is new, and one that says that a product is gone. A text that the second
-- day corrects is corrected everywhere. Grain: a version.
-- Parameters: day, when the second file was true; whole, whether absence from it means gone.
CREATE TEMPORARY TABLE expected AS
WITH version AS (
    SELECT
        before.seller_id,
        before.product_id,
        coalesce(after.title, before.title) AS title,
        coalesce(after.description, before.description) AS description,
        coalesce(after.brand, before.brand) AS brand,
        coalesce(after.gtin, before.gtin) AS gtin,
        coalesce(after.category, before.category) AS category,
        CASE before.status
            WHEN 'inactive' THEN 'paused'
            WHEN 'discontinued' THEN 'withdrawn'
            ELSE before.status
        END AS status,
        before.updated_at AS valid_from,
        FALSE AS is_deleted
    FROM truth_before AS before
    LEFT JOIN stage_product AS after
        ON
            before.seller_id = after.seller_id
            AND before.product_id = after.product_id
    UNION ALL
    SELECT
        after.seller_id,
        after.product_id,
        after.title,
        after.description,
        after.brand,
        after.gtin,
        after.category,
        CASE after.status
            WHEN 'inactive' THEN 'paused'
            WHEN 'discontinued' THEN 'withdrawn'
            ELSE after.status
        END,
        after.updated_at,
        FALSE
    FROM stage_product AS after
    LEFT JOIN truth_before AS before
        ON
            after.seller_id = before.seller_id
            AND after.product_id = before.product_id
    WHERE after.status IS DISTINCT FROM before.status
    UNION ALL
    SELECT
        before.seller_id,
        before.product_id,
        before.title,
        before.description,
        before.brand,
        before.gtin,
        before.category,
        CASE before.status
            WHEN 'inactive' THEN 'paused'
            WHEN 'discontinued' THEN 'withdrawn'
            ELSE before.status
        END,
        %(day)s::timestamptz,
        TRUE
    FROM truth_before AS before
    WHERE
        %(whole)s
        AND NOT EXISTS (
            SELECT 1
            FROM stage_product AS after
            WHERE
                after.seller_id = before.seller_id
                AND after.product_id = before.product_id
        )
)

SELECT
    version.seller_id,
    version.product_id,
    version.title,
    version.description,
    version.brand,
    version.gtin,
    version.category AS source_category,
    version.status,
    version.valid_from,
    coalesce(
        lead(version.valid_from) OVER product, '9999-12-31 00:00+00'
    ) AS valid_to,
    (lead(version.valid_from) OVER product) IS NULL AS is_current,
    version.is_deleted
FROM version
WINDOW product AS (
    PARTITION BY version.seller_id, version.product_id ORDER BY version.valid_from
);
