-- Purpose: the days for which the batch needs partitions of orders: the least and the greatest.
-- Grain: one row.
-- Parameters: deliveries (bigint[]).
SELECT
    min(said.at) AS first_at,
    max(said.at) AS last_at
FROM (
    SELECT min(least(coalesce(item.ordered_at, item.said_at), item.said_at)) AS at
    FROM staging.item_row AS item
    WHERE item.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT max(greatest(coalesce(item.ordered_at, item.said_at), item.said_at))
    FROM staging.item_row AS item
    WHERE item.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT min(least(coalesce(header.purchased_at, header.said_at), header.said_at))
    FROM staging.order_row AS header
    WHERE header.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT max(greatest(coalesce(header.purchased_at, header.said_at), header.said_at))
    FROM staging.order_row AS header
    WHERE header.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT min(payment.said_at)
    FROM staging.payment_row AS payment
    WHERE payment.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT max(payment.said_at)
    FROM staging.payment_row AS payment
    WHERE payment.delivery_key = any(%(deliveries)s)
) AS said
