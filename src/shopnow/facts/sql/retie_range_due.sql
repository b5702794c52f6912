-- Purpose: what a job takes from the work list, joined to one list a member.
-- Grain: one row a member and unbroken period.
-- Parameters: last_due_no.
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
    WHERE due.due_no <= %(last_due_no)s
    GROUP BY due.dimension, due.seller_no, due.natural_key
) AS merged
CROSS JOIN LATERAL unnest(merged.changed) AS part (period)
