-- Purpose: whose facts may have to follow: those of others are not read.
-- Grain: one row; an empty list where nobody's.
-- Parameters: none.
SELECT coalesce(array_agg(DISTINCT pair.seller_no), '{}') AS sellers
FROM retie_pair AS pair
