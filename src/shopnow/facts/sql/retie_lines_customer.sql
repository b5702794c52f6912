-- Purpose: lines of a customer's version that vanished follow to the one that holds at their time.
-- Grain: one row a line.
-- Parameters: none.
UPDATE dwh.fact_order AS line
SET customer_key = customer.customer_key
FROM vanished
INNER JOIN dwh.dim_customer AS customer
    ON customer.customer_no = vanished.customer_no
WHERE line.customer_key = vanished.customer_key
    AND (customer.version = 1 OR customer.valid_from <= line.ordered_at)
    AND line.ordered_at < customer.valid_to
