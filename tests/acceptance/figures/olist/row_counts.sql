-- Purpose: rows of the export's files as the warehouse holds them; the customers' file has one row
-- an order, so its rows are the headers that name a person.
-- Grain: one row.
SELECT
    (SELECT count(*) FROM dwh.fact_order_header) AS olist_orders_dataset,
    (SELECT count(*) FROM dwh.fact_order) AS olist_order_items_dataset,
    (SELECT count(*) FROM dwh.fact_payment) AS olist_order_payments_dataset,
    (SELECT count(*) FROM dwh.fact_order_header WHERE customer_no >= 0) AS olist_customers_dataset,
    (
        SELECT count(DISTINCT product.product_id)
        FROM dwh.dim_product AS product
        WHERE product.product_id NOT LIKE '#%'
    ) AS olist_products_dataset,
    (
        SELECT count(*)
        FROM dwh.dim_seller AS seller
        WHERE seller.is_current AND seller.seller_no > 0
    ) AS olist_sellers_dataset;
