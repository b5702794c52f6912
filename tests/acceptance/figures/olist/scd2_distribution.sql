-- Purpose: how many offers have how many versions of their price.
-- Grain: one row a number of versions.
WITH said AS (
    SELECT
        line.seller_no,
        product.product_id,
        line.unit_price IS DISTINCT FROM lag(line.unit_price) OVER (
            PARTITION BY line.seller_no, product.product_id
            ORDER BY line.ordered_at, line.order_id COLLATE "C", line.line_no
        ) AS opens
    FROM dwh.fact_order AS line
    INNER JOIN dwh.dim_product AS product
        ON line.seller_no = product.seller_no AND line.product_key = product.product_key
),

offer AS (
    SELECT count(*) FILTER (WHERE said.opens) AS versions
    FROM said
    GROUP BY said.seller_no, said.product_id
)

SELECT
    offer.versions,
    count(*) AS offers
FROM offer
GROUP BY offer.versions
ORDER BY offer.versions;
