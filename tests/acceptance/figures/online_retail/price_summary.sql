-- Purpose: versions of each code's price, told by its sales in their order.
-- Grain: one row.
SELECT
    count(*) AS keys,
    sum(code.versions) AS versions_total,
    count(*) FILTER (WHERE code.versions > 1) AS keys_with_more_than_one_version
FROM code;
