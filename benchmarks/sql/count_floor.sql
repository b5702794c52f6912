-- Purpose: how many versions, current versions and lines the floor holds. Grain: one row.
SELECT
    (SELECT count(*) FROM dim_product) AS versions,
    (
        SELECT count(*) FROM dim_product
        WHERE is_current
    ) AS current_versions,
    0 AS inferred,
    (SELECT count(*) FROM fact_order) AS lines;
