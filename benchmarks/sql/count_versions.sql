-- Purpose: how many versions are held, how many say that a product is there now. Grain: one row.
SELECT
    count(*) AS versions,
    count(*) FILTER (WHERE is_current AND NOT is_deleted) AS present
FROM held;
