-- Purpose: surrogate keys of sellers that facts hold and no version has any more, with the times of
-- those facts: what a rebuild gives back to the versions of these times.
-- Grain: one row a surrogate key.
-- Parameters: none.
CREATE TEMPORARY TABLE held_key ON COMMIT DROP AS
SELECT
    f.seller_no,
    f.seller_key,
    min(f.ordered_at) AS first_at,
    max(f.ordered_at) AS last_at
FROM dwh.fact_order AS f
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.dim_seller AS d
        WHERE d.seller_no = f.seller_no
            AND d.seller_key = f.seller_key
    )
GROUP BY f.seller_no, f.seller_key
