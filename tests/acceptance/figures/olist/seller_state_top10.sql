-- Purpose: price of the lines by the state where the seller was.
-- Grain: one row a state.
SELECT
    seller.region AS state,
    sum(line.line_amount) AS revenue_price
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_seller AS seller
    ON line.seller_no = seller.seller_no AND line.seller_key = seller.seller_key
GROUP BY seller.region
ORDER BY revenue_price DESC
LIMIT 10;
