-- Purpose: whether a full delivery of that time is the latest of its feed, and no other delivery of
-- the feed is on its way.
-- Grain: one row.
-- Parameters: delivery_key, effective_at.
SELECT
    coalesce(max(earlier.effective_at) < %(effective_at)s, FALSE)
    AND NOT EXISTS (
        SELECT 1
        FROM staging.delivery AS other
        WHERE other.feed = 'products'
            AND other.state = 'normalised'
            AND other.delivery_key <> %(delivery_key)s
    ) AS is_last
FROM history.full_delivery AS earlier
WHERE earlier.feed = 'products'
