-- Purpose: totals over the order lines.
-- Grain: one row.
SELECT
    count(*) AS count,
    sum(line.line_amount) AS sum_price,
    sum(line.freight_amount) AS sum_freight,
    sum(line.line_amount + line.freight_amount) AS sum_price_plus_freight,
    count(DISTINCT line.order_id) AS distinct_orders_with_items,
    count(DISTINCT product.product_id) AS distinct_products_sold,
    count(DISTINCT line.seller_no) AS distinct_sellers_selling
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key;
