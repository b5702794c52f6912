-- Purpose: take every day of every seller for touched: a full rebuild is a refresh of them all.

INSERT INTO touched_sales (seller_no, date_on)
SELECT DISTINCT
    line.seller_no,
    line.order_on
FROM dwh.fact_order AS line;
