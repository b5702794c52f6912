-- Purpose: dirt of people, products and sellers.
-- Grain: one row.
SELECT
    (
        SELECT count(*)
        FROM (
            SELECT header.customer_no
            FROM dwh.fact_order_header AS header
            GROUP BY header.customer_no
            HAVING count(*) > 1
        ) AS again
    ) AS customer_unique_id_with_several_customer_ids,
    (
        SELECT count(DISTINCT product.product_id)
        FROM dwh.dim_product AS product
        WHERE product.source_category IS NULL AND product.product_id NOT LIKE '#%'
    ) AS products_missing_category,
    (
        SELECT count(*)
        FROM dwh.dim_seller AS seller
        WHERE seller.is_current AND seller.city ~ '[,/0-9@]'
    ) AS seller_city_with_comma_slash_digit_or_at;
