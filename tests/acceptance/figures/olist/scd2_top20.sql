-- Purpose: the offers whose price changed most often.
-- Grain: one row an offer.
WITH said AS (
    SELECT
        seller.seller_id,
        product.product_id,
        line.unit_price,
        line.unit_price IS DISTINCT FROM lag(line.unit_price) OVER (
            PARTITION BY line.seller_no, product.product_id
            ORDER BY line.ordered_at, line.order_id COLLATE "C", line.line_no
        ) AS opens
    FROM dwh.fact_order AS line
    INNER JOIN dwh.dim_product AS product
        ON line.seller_no = product.seller_no AND line.product_key = product.product_key
    INNER JOIN dwh.dim_seller AS seller
        ON line.seller_no = seller.seller_no AND line.seller_key = seller.seller_key
)

SELECT
    said.seller_id,
    said.product_id,
    count(*) FILTER (WHERE said.opens) AS versions,
    count(*) AS items,
    count(DISTINCT said.unit_price) AS distinct_prices
FROM said
GROUP BY said.seller_id, said.product_id
ORDER BY versions DESC, said.seller_id COLLATE "C" ASC, said.product_id COLLATE "C" ASC
LIMIT 20;
