-- Purpose: what a run has to take in, of one feed.
-- Grain: one row a delivery, in the order of arrival.
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
    decided.decision
FROM staging.delivery AS delivery
LEFT JOIN staging.delivery_decision AS decided
    ON decided.delivery_key = delivery.delivery_key
WHERE delivery.feed = %(feed)s
    AND delivery.state NOT IN ('published', 'refused', 'held')
ORDER BY delivery.delivery_key
