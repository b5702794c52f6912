-- Purpose: surrogate keys of products that facts hold and no version has any more, with the times of
-- those facts: what a rebuild gives back to the versions of these times. An order line does not name
-- its product: offers and clicks that hold the same key do.
-- Grain: one row a surrogate key.
-- Parameters: none.
CREATE TEMPORARY TABLE held_key ON COMMIT DROP AS
WITH held AS (
    SELECT
        f.seller_no,
        f.product_id,
        f.product_key,
        f.observed_at AS at
    FROM dwh.fact_offer AS f
    UNION ALL
    SELECT
        c.seller_no,
        c.product_id,
        c.product_key,
        c.event_at AS at
    FROM dwh.fact_clickstream AS c
    UNION ALL
    SELECT
        l.seller_no,
        NULL AS product_id,
        l.product_key,
        l.ordered_at AS at
    FROM dwh.fact_order AS l
)

SELECT
    held.seller_no,
    max(held.product_id) AS product_id,
    held.product_key,
    min(held.at) AS first_at,
    max(held.at) AS last_at
FROM held
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.dim_product AS d
        WHERE d.seller_no = held.seller_no
            AND d.product_key = held.product_key
    )
GROUP BY held.seller_no, held.product_key
HAVING count(DISTINCT held.product_id) = 1
