-- Purpose: visits of some customers, for the answer to an access request.
-- Grain: one row a visit.
-- Parameters: subjects (bigint[]).
SELECT
    f.event_at,
    f.event_type,
    f.route,
    f.product_id,
    f.device_class,
    f.country
FROM dwh.fact_clickstream AS f
WHERE f.customer_no = any(%(subjects)s::bigint[])
ORDER BY f.event_at, f.event_key
