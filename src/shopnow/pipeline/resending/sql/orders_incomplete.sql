-- Purpose: incomplete orders that deliveries of a batch speak of.
-- Grain: one row an order.
-- Parameters: deliveries (bigint[]).
SELECT DISTINCT header.order_id
FROM dwh.fact_order_header AS header
WHERE NOT header.is_complete
    AND header.order_id IN (
        SELECT item.order_id
        FROM staging.item_row AS item
        WHERE item.delivery_key = any(%(deliveries)s)
        UNION
        SELECT said.order_id
        FROM staging.order_row AS said
        WHERE said.delivery_key = any(%(deliveries)s)
    )
