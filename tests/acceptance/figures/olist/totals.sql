-- Purpose: what orders, lines and payments come to.
-- Grain: one row.
SELECT
    (SELECT count(*) FROM dwh.fact_order_header) AS orders,
    count(*) AS lines,
    sum(line.line_amount) AS price,
    sum(line.freight_amount) AS freight,
    (SELECT count(*) FROM dwh.fact_payment) AS payments,
    (SELECT sum(payment.amount) FROM dwh.fact_payment AS payment) AS paid,
    (SELECT count(DISTINCT header.customer_no) FROM dwh.fact_order_header AS header) AS people,
    (
        SELECT count(*)
        FROM dwh.dim_seller AS seller
        WHERE seller.is_current AND seller.seller_no > 0
    ) AS sellers,
    count(DISTINCT product.product_id) AS products
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key;
