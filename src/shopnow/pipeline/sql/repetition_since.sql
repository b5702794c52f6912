-- Purpose: orders of which a line was replaced since a delivery was loaded.
-- Grain: one row an order.
-- Parameters: known_at, delivery_key.
SELECT DISTINCT change.order_id
FROM history.fact_change AS change
WHERE change.fact = 'fact_order'
    AND change.changed_at >= %(known_at)s
    AND (change.changed_at > %(known_at)s OR change.delivery_key <> %(delivery_key)s)
