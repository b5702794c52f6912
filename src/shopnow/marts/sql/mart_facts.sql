-- Purpose: how full and how fresh a mart is. Grain: one row; refreshed_at null when empty.
-- Parameters: mart.

SELECT
    count(*) AS row_count,
    max(mart.refreshed_at) AS refreshed_at
FROM {mart} AS mart;
