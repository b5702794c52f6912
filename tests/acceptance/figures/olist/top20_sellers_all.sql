-- Purpose: the sellers that sold most, whatever became of the orders.
-- Grain: one row a seller.
SELECT
    seller.seller_id,
    count(*) AS items,
    count(DISTINCT line.order_id) AS orders,
    sum(line.line_amount) AS revenue_price,
    sum(line.freight_amount) AS freight
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_seller AS seller
    ON line.seller_no = seller.seller_no AND line.seller_key = seller.seller_key
GROUP BY seller.seller_id
ORDER BY revenue_price DESC, seller.seller_id ASC
LIMIT 20;
