-- Purpose: which deliveries spoke of some persons: where their data came from.
-- Grain: one row a delivery.
-- Parameters: subjects (bigint[]).
SELECT
    d.delivery_key,
    d.source,
    d.feed,
    d.received_at,
    sum(cardinality(r.record_nos)) AS records
FROM privacy.subject_record AS r
INNER JOIN staging.delivery AS d ON r.delivery_key = d.delivery_key
WHERE r.subject_no = any(%(subjects)s::bigint[])
GROUP BY d.delivery_key
ORDER BY d.received_at, d.delivery_key
