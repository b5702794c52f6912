-- Purpose: how many of some orders the warehouse has from another source than an earlier import.
-- Grain: one row.
-- Parameters: orders (text[], with their namespace).
SELECT count(*)
FROM dwh.fact_order_header AS header
WHERE header.order_id = ANY(%(orders)s)
    AND NOT starts_with(header.source, 'legacy-orders')
