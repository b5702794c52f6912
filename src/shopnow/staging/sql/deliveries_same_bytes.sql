-- Purpose: earlier deliveries of the same bytes by one sender and source.
-- Grain: one row a delivery, newest first.
-- Parameters: sender_no, source, feed, sha256.
SELECT
    delivery.delivery_key,
    delivery.effective_at,
    delivery.state,
    NOT EXISTS (
        SELECT 1
        FROM staging.delivery AS later
        WHERE later.sender_no = delivery.sender_no
            AND later.source = delivery.source
            AND later.feed = delivery.feed
            AND later.state <> 'refused'
            AND later.replay_of IS NULL
            AND later.delivery_key > delivery.delivery_key
    ) AS is_newest
FROM staging.delivery AS delivery
WHERE delivery.sender_no = %(sender_no)s
    AND delivery.source = %(source)s
    AND delivery.feed = %(feed)s
    AND delivery.sha256 = %(sha256)s
    AND delivery.replay_of IS NULL
ORDER BY delivery.delivery_key DESC
