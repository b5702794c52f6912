-- Purpose: senders, days and feeds whose quality figures change.
-- Grain: one row a sender, day and feed.
-- Parameters: deliveries (bigint[]), zone.
INSERT INTO touched_deliveries (sender_no, date_on, feed)
SELECT DISTINCT
    delivery.sender_no,
    (delivery.received_at AT TIME ZONE %(zone)s)::date,
    delivery.feed
FROM staging.delivery AS delivery
WHERE delivery.delivery_key = any(%(deliveries)s)
