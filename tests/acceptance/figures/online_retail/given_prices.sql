-- Purpose: versions of each code's price, told by its sales in their order.
-- Grain: one row a code; given to the statements that count them.
CREATE TEMPORARY VIEW code AS
WITH said AS (
    SELECT
        coalesce(cleaned.before, product.product_id) AS stock_code,
        line.unit_price,
        line.unit_price IS DISTINCT FROM lag(line.unit_price) OVER (
            PARTITION BY coalesce(cleaned.before, product.product_id)
            ORDER BY line.ordered_at, line.order_id COLLATE "C", line.source_line
        ) AS opens
    FROM dwh.fact_order AS line
    INNER JOIN dwh.dim_product AS product
        ON line.seller_no = product.seller_no AND line.product_key = product.product_key
    LEFT JOIN quality.cleaning AS cleaned
        ON
            line.delivery_key = cleaned.delivery_key
            AND line.record_no = cleaned.record_no
            AND cleaned.column_name = 'product_id'
    WHERE line.quantity > 0 AND line.unit_price > 0 AND line.order_id !~ '^uci:[CA]'
)

SELECT
    said.stock_code,
    count(*) FILTER (WHERE said.opens) AS versions,
    count(DISTINCT said.unit_price) AS distinct_values
FROM said
GROUP BY said.stock_code;
