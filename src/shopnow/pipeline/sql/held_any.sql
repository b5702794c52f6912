-- Purpose: how many offers wait for a source reference, one being enough to know.
-- Grain: one row.
-- Parameters: none.
SELECT count(*) AS waiting
FROM (
    SELECT 1 AS one
    FROM staging.offer_held
    LIMIT 1
) AS held
