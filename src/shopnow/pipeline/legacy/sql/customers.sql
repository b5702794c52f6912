-- Purpose: the customers of the former warehouse's view with their numbers, to put beside them what
-- the vault holds.
-- Grain: one row a customer.
-- Parameters: customers (text[], pseudonyms; null for all).
SELECT
    customer.customer_no,
    former.customer_id,
    former.city,
    former.country
FROM legacy.dim_customer AS former
INNER JOIN dwh.dim_customer AS customer
    ON former.customer_id = customer.customer_id
WHERE
    customer.is_current
    AND (%(customers)s::text[] IS NULL OR former.customer_id = ANY(%(customers)s::text[]))
ORDER BY former.customer_id
