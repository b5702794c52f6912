-- Purpose: what a run has to take in, of one feed.
-- Grain: one row a delivery, in the order of arrival.
-- Parameters: feed.
SELECT
    delivery_key,
    sender_no,
    source,
    feed,
    mode,
    effective_at,
    effective_is_declared,
    received_at,
    state,
    file_name,
    records,
    rejected,
    keys_distinct
FROM staging.delivery
WHERE feed = %(feed)s
    AND state NOT IN ('published', 'refused', 'held')
ORDER BY delivery_key
