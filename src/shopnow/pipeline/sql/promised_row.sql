-- Purpose: whether a relation can be read at all. Grain: at most one row. Part: relation.
SELECT count(*) AS row_count
FROM (SELECT 1 AS one FROM {relation} LIMIT 1) AS t
