-- Purpose: customers by the pseudonym that the warehouse shows.
-- Grain: one row a customer.
-- Parameters: customer_id.
SELECT DISTINCT d.customer_no
FROM dwh.dim_customer AS d
WHERE d.customer_id = %(customer_id)s
    AND d.customer_no >= 0
