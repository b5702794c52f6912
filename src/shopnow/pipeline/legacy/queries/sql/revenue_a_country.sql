-- Purpose: revenue of each country that customers live in; a line without price adds nothing.
-- Grain: one row a country.
-- Parameters: none.
SELECT
    c.country,
    sum(o.quantity * o.unit_price) AS revenue
FROM fact_order AS o
INNER JOIN dim_customer AS c
    ON o.customer_id = c.customer_id
GROUP BY c.country
ORDER BY c.country
