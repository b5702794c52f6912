-- Purpose: the feeds of which anything waits for a run.
-- Grain: one row a feed.
-- Parameters: none.
SELECT DISTINCT delivery.feed
FROM staging.delivery AS delivery
WHERE delivery.state NOT IN ('published', 'refused', 'held')
