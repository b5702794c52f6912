-- Purpose: versions of each offer's price, told by its lines in the order of their purchase.
-- Grain: one row an offer; given to the statements that count them.
CREATE TEMPORARY VIEW offer AS
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
)

SELECT count(*) FILTER (WHERE said.opens) AS versions
FROM said
GROUP BY said.seller_no, said.product_id;
