-- Purpose: how many versions would be kept, changed, added, taken away.
-- Grain: one row a verdict.
-- Parameters: none.
SELECT
    verdict,
    count(*) AS versions
FROM compared
GROUP BY verdict
