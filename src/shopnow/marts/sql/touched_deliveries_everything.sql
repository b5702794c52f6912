-- Purpose: take every delivery for touched.
-- Parameters: zone.

INSERT INTO touched_deliveries (sender_no, date_on, feed)
SELECT DISTINCT
    delivery.sender_no,
    (delivery.received_at AT TIME ZONE %(zone)s)::date,
    delivery.feed
FROM staging.delivery AS delivery;
