-- Purpose: versions of each offer's price, told by its lines in the order of their purchase.
-- Grain: one row.
SELECT
    count(*) AS offers,
    sum(offer.versions) AS versions_total,
    count(*) FILTER (WHERE offer.versions > 1) AS offers_with_more_than_one_version
FROM offer;
