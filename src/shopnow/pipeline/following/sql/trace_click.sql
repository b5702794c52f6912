-- Purpose: a click by its key.
-- Grain: one row a click.
-- Parameters: keys (uuid[], those it may bear).
SELECT
    'click' AS kind,
    k.event_key::text AS name,
    k.seller_no,
    NULL::bigint AS line_no,
    k.event_at AS at,
    k.batch_no,
    k.delivery_key,
    k.record_no,
    k.source_line
FROM dwh.fact_clickstream AS k
WHERE k.event_key = any(%(keys)s::uuid[])
