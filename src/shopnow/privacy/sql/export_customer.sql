-- Purpose: every version of some customers, for the answer to an access request.
-- Grain: one row a version.
-- Parameters: subjects (bigint[]).
SELECT
    d.customer_id,
    d.country,
    d.region,
    d.city,
    d.postal_area,
    d.segment,
    d.previous_segment,
    d.valid_from,
    d.valid_to
FROM dwh.dim_customer AS d
WHERE d.customer_no = any(%(subjects)s::bigint[])
ORDER BY d.valid_from, d.customer_key
