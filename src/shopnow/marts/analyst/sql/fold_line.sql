-- Purpose: the sales of some months by seller, product, day and customer: what every cell is made of.
-- Grain: one row a month, currency, seller, product, day, customer.
-- Parameters: months (date[], first days), first (date), next (date).
CREATE TEMPORARY TABLE fold_line ON COMMIT DROP AS
SELECT
    date_trunc('month', line.order_on)::date AS month,
    line.currency,
    line.seller_no,
    product.product_id,
    line.order_on AS date_on,
    line.customer_no,
    count(*) AS lines,
    coalesce(sum(line.quantity) FILTER (WHERE line.quantity > 0), 0) AS units,
    coalesce(-sum(line.quantity) FILTER (WHERE line.quantity < 0), 0) AS returned_units,
    coalesce(sum(line.line_amount) FILTER (WHERE line.quantity > 0), 0) AS gross_amount,
    coalesce(-sum(line.line_amount) FILTER (WHERE line.quantity < 0), 0) AS returned_amount,
    coalesce(sum(line.line_amount), 0) AS net_amount,
    coalesce(sum(line.freight_amount), 0) AS freight_amount,
    coalesce(sum(line.commission_amount), 0) AS commission_amount
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON line.seller_no = product.seller_no AND line.product_key = product.product_key
WHERE
    line.order_on >= %(first)s
    AND line.order_on < %(next)s
    AND date_trunc('month', line.order_on)::date = ANY(%(months)s)
GROUP BY
    date_trunc('month', line.order_on)::date, line.currency, line.seller_no, product.product_id,
    line.order_on, line.customer_no
