-- Purpose: products of which something became known since a delivery was loaded.
-- Grain: one row a product.
-- Parameters: known_at, delivery_key.
SELECT DISTINCT
    change.seller_no,
    change.product_id
FROM history.product_change AS change
WHERE change.known_from >= %(known_at)s
    AND (change.known_from > %(known_at)s OR change.delivery_key <> %(delivery_key)s)
    AND change.source_rank > 0
