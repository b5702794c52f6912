-- Purpose: the customers that a word may mean: their pseudonym, or their number.
-- Grain: one row a customer.
-- Parameters: word (text).
SELECT DISTINCT d.customer_no
FROM dwh.dim_customer AS d
WHERE d.customer_no::text = %(word)s
    OR d.customer_id = %(word)s
ORDER BY d.customer_no
