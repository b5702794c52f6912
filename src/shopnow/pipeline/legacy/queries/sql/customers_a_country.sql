-- Purpose: how many customers live in each country.
-- Grain: one row a country.
-- Parameters: none.
SELECT
    c.country,
    count(*) AS customers
FROM dim_customer AS c
GROUP BY c.country
ORDER BY c.country
