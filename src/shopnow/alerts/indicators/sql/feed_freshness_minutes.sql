-- Purpose: how old the newest publication of each feed is.
-- Grain: one feed.
-- Parameters: now.
SELECT
    feed AS label,
    extract(EPOCH FROM %(now)s - max(published_at)) / 60 AS value,
    max(published_at) AS observed_at
FROM journal.published
GROUP BY feed
