-- Purpose: how many versions, current versions, inferred products and lines the warehouse holds,
-- its reserved members aside (their keys are below zero). Grain: one row.
SELECT
    count(*) AS versions,
    count(*) FILTER (WHERE is_current) AS current_versions,
    count(*) FILTER (WHERE is_inferred) AS inferred,
    (SELECT count(*) FROM dwh.fact_order) AS lines
FROM dwh.dim_product
WHERE product_key > 0;
