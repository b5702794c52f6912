-- Purpose: when facts may be bound to versions that are no more: wherever their member's history
-- changed since facts last followed it.
-- Grain: one row a member and unbroken period.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_range AS
SELECT
    merged.dimension,
    merged.seller_no,
    merged.natural_key,
    CASE WHEN merged.dimension = 'customer' THEN merged.natural_key::bigint END AS customer_no,
    coalesce(lower(part.period), '-infinity') AS changed_from,
    coalesce(upper(part.period), 'infinity') AS changed_to
FROM (
    SELECT
        due.dimension,
        due.seller_no,
        due.natural_key,
        range_agg(due.changed) AS changed
    FROM history.retie_due AS due
    INNER JOIN (
        SELECT DISTINCT
            bound.dimension,
            bound.seller_no,
            bound.natural_key
        FROM retie_bound AS bound
    ) AS member
        ON member.dimension = due.dimension
            AND member.seller_no = due.seller_no
            AND member.natural_key = due.natural_key
    GROUP BY due.dimension, due.seller_no, due.natural_key
) AS merged
CROSS JOIN LATERAL unnest(merged.changed) AS part (period)
