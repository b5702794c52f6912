-- Purpose: products that clicks of the batch name and nobody knows yet: they will find their clicks
-- when they come.
-- Grain: one row a product.
-- Parameters: deliveries (bigint[]).
INSERT INTO history.click_unbound AS unbound (seller_no, product_id, first_at, last_at)
SELECT
    click.seller_no,
    click.product_id,
    min(click.event_at),
    max(click.event_at)
FROM staging.click_row AS click
WHERE click.delivery_key = any(%(deliveries)s)
    AND click.product_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM dwh.dim_product AS known
        WHERE known.seller_no = click.seller_no
            AND known.product_id = click.product_id
    )
GROUP BY click.seller_no, click.product_id
ORDER BY click.seller_no, click.product_id
ON CONFLICT ON CONSTRAINT click_unbound_pkey DO UPDATE
    SET
        first_at = least(unbound.first_at, excluded.first_at),
        last_at = greatest(unbound.last_at, excluded.last_at)
    WHERE excluded.first_at < unbound.first_at OR excluded.last_at > unbound.last_at
