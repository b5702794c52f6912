-- Purpose: dirt of lines and payments, and what their keys lead to.
-- Grain: one row.
SELECT
    count(*) FILTER (WHERE line.unit_price <= 0) AS items_price_le_zero,
    count(*) FILTER (WHERE line.freight_amount = 0) AS items_freight_zero,
    count(*) - count(DISTINCT (line.order_id, line.line_no))
        AS duplicate_order_id_order_item_id,
    count(*) FILTER (WHERE header.order_id IS NULL) AS orphan_order_items_no_order,
    count(*) FILTER (WHERE product.product_key IS NULL OR product.product_id LIKE '#%')
        AS orphan_order_items_no_product,
    count(*) FILTER (WHERE seller.seller_key IS NULL OR seller.is_inferred OR line.seller_no <= 0)
        AS orphan_order_items_no_seller,
    (
        SELECT count(*)
        FROM dwh.fact_payment AS payment
        WHERE NOT EXISTS (
            SELECT 1
            FROM dwh.fact_order_header AS paid
            WHERE paid.order_id = payment.order_id
                AND paid.order_on = payment.order_on
                AND paid.status IS NOT NULL
        )
    ) AS orphan_payments_no_order,
    (
        SELECT count(*)
        FROM dwh.fact_order_header AS owed
        WHERE NOT EXISTS (
            SELECT 1 FROM dwh.fact_payment AS payment WHERE payment.order_id = owed.order_id
        )
    ) AS orders_without_payment
FROM dwh.fact_order AS line
LEFT JOIN dwh.fact_order_header AS header
    ON
        line.order_id = header.order_id
        AND line.order_on = header.order_on
        AND header.status IS NOT NULL
LEFT JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key
LEFT JOIN dwh.dim_seller AS seller
    ON line.seller_no = seller.seller_no AND line.seller_key = seller.seller_key;
