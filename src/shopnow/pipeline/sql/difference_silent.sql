-- Purpose: products of a full delivery whose record was rejected: they are still there.
-- Grain: one row a product.
-- Parameters: delivery_key.
SELECT
    change.seller_no,
    change.product_id
FROM history.product_change AS change
WHERE change.delivery_key = %(delivery_key)s
    AND change.kind = 'silent'
