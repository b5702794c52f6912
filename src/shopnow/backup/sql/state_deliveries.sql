-- Purpose: how many deliveries there are of each sender, feed and state. Grain: one of these.
SELECT
    jsonb_build_object(
        'sender_no', d.sender_no,
        'feed', d.feed,
        'state', d.state,
        'deliveries', count(*),
        'newest_key', max(d.delivery_key)
    ) AS state
FROM staging.delivery AS d
GROUP BY d.sender_no, d.feed, d.state
ORDER BY d.sender_no, d.feed, d.state
