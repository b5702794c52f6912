-- Purpose: how many codes have how many versions of their price; the published list ends at 30.
-- Grain: one row a number of versions.
SELECT
    code.versions,
    count(*) AS codes
FROM code
GROUP BY code.versions
ORDER BY code.versions
LIMIT 30;
