-- Purpose: the days for which the batch needs partitions of orders: the least and the greatest; and
-- how many order lines it has.
-- Grain: one row.
-- Parameters: deliveries (bigint[]).
SELECT
    min(said.first_at) AS first_at,
    max(said.last_at) AS last_at,
    sum(said.lines) AS lines
FROM (
    SELECT
        min(least(coalesce(item.ordered_at, item.said_at), item.said_at)) AS first_at,
        max(greatest(coalesce(item.ordered_at, item.said_at), item.said_at)) AS last_at,
        count(*) AS lines
    FROM staging.item_row AS item
    WHERE item.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT
        min(least(coalesce(header.purchased_at, header.said_at), header.said_at)),
        max(greatest(coalesce(header.purchased_at, header.said_at), header.said_at)),
        0
    FROM staging.order_row AS header
    WHERE header.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT
        min(payment.said_at),
        max(payment.said_at),
        0
    FROM staging.payment_row AS payment
    WHERE payment.delivery_key = any(%(deliveries)s)
) AS said
