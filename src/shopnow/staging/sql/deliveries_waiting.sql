-- Purpose: what a run has to take in, of one feed.
-- Grain: one row a delivery: each sender's first, then each one's second, in the order of arrival, so
-- that who sends much makes nobody wait who sends little.
-- Parameters: feed.
SELECT
    delivery.delivery_key,
    delivery.sender_no,
    delivery.source,
    delivery.feed,
    delivery.mode,
    delivery.effective_at,
    delivery.effective_is_declared,
    delivery.received_at,
    delivery.state,
    delivery.file_name,
    delivery.records,
    delivery.rejected,
    delivery.keys_distinct,
    decided.decision,
    delivery.replay_of,
    delivery.corrects
FROM staging.delivery AS delivery
LEFT JOIN staging.delivery_decision AS decided
    ON decided.delivery_key = delivery.delivery_key
WHERE delivery.feed = %(feed)s
    AND delivery.state NOT IN ('published', 'refused', 'held')
ORDER BY
    row_number() OVER (PARTITION BY delivery.sender_no ORDER BY delivery.delivery_key),
    delivery.delivery_key
