-- Purpose: how many offers have how many versions of their price.
-- Grain: one row a number of versions.
SELECT
    offer.versions,
    count(*) AS offers
FROM offer
GROUP BY offer.versions
ORDER BY offer.versions;
