-- Purpose: surrogate keys of customers that facts hold and no version has any more, with the times of
-- those facts: what a rebuild gives back to the versions of these times.
-- Grain: one row a surrogate key.
-- Parameters: none.
CREATE TEMPORARY TABLE held_key ON COMMIT DROP AS
SELECT
    held.customer_no,
    held.customer_key,
    min(held.at) AS first_at,
    max(held.at) AS last_at
FROM (
    SELECT
        f.customer_no,
        f.customer_key,
        f.ordered_at AS at
    FROM dwh.fact_order AS f
    UNION ALL
    SELECT
        h.customer_no,
        h.customer_key,
        h.purchased_at AS at
    FROM dwh.fact_order_header AS h
) AS held
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.dim_customer AS d
        WHERE d.customer_key = held.customer_key
    )
GROUP BY held.customer_no, held.customer_key
