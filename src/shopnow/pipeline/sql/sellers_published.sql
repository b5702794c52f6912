-- Purpose: the senders whose feed has a new watermark.
-- Grain: one row a feed and sender.
-- Parameters: feed, deliveries (bigint[]).
SELECT DISTINCT
    %(feed)s::text AS feed,
    delivery.sender_no
FROM staging.delivery AS delivery
WHERE delivery.delivery_key = any(%(deliveries)s)
