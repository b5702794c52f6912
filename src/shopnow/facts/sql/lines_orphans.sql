-- Purpose: foreign keys of the lines just written, checked once a key (they are NOT ENFORCED).
-- Grain: one row.
-- Parameters: none.
SELECT
    (
        SELECT count(*)
        FROM line_written AS line
        WHERE NOT EXISTS (
            SELECT 1
            FROM dwh.dim_seller AS seller
            WHERE seller.seller_no = line.seller_no
                AND seller.seller_key = line.seller_key
        )
    ) AS without_seller,
    (
        SELECT count(*)
        FROM line_written AS line
        WHERE NOT EXISTS (
            SELECT 1
            FROM dwh.dim_product AS product
            WHERE product.seller_no = line.seller_no
                AND product.product_key = line.product_key
        )
    ) AS without_product,
    (
        SELECT count(*)
        FROM line_written AS line
        WHERE NOT EXISTS (
            SELECT 1
            FROM dwh.dim_customer AS customer
            WHERE customer.customer_key = line.customer_key
        )
    ) AS without_customer
