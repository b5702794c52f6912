-- Purpose: headers of a customer's version that vanished follow to the one that holds at their time.
-- Grain: one row an order.
-- Parameters: none.
UPDATE dwh.fact_order_header AS header
SET customer_key = customer.customer_key
FROM vanished
INNER JOIN dwh.dim_customer AS customer
    ON customer.customer_no = vanished.customer_no
WHERE header.customer_key = vanished.customer_key
    AND (customer.version = 1 OR customer.valid_from <= header.purchased_at)
    AND header.purchased_at < customer.valid_to
