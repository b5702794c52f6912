-- Purpose: how many invoices, codes, customers and countries the lines name. Codes count as they
-- were sent: a blank at the end of a code is cleaned, and the cleaning remembers it. The one
-- country without ISO code (West Indies) stands as null.
-- Grain: one row.
SELECT
    (SELECT count(*) FROM dwh.fact_order_header) AS invoices,
    count(DISTINCT coalesce(cleaned.before, product.product_id)) AS stock_codes,
    count(DISTINCT line.customer_no) FILTER (WHERE line.customer_no >= 0) AS customers,
    count(DISTINCT coalesce(line.buyer_region, '')) AS countries
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key
LEFT JOIN quality.cleaning AS cleaned
    ON
        line.delivery_key = cleaned.delivery_key
        AND line.record_no = cleaned.record_no
        AND cleaned.column_name = 'product_id';
