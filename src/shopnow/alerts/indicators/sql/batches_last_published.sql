-- Purpose: the last load that brought facts of each feed, and when it was published.
-- Grain: one feed.
-- Parameters: now.
SELECT DISTINCT ON (delivery.feed)
    delivery.feed,
    delivery.batch_no,
    step.ended_at AS published_at
FROM staging.delivery AS delivery
INNER JOIN journal.step AS step
    ON
        delivery.batch_no = step.batch_no
        AND step.step = 6
        AND step.status = 'END'
WHERE
    delivery.state = 'published'
    AND delivery.accepted > 0
    AND step.ended_at > %(now)s - make_interval(days => 8)
ORDER BY delivery.feed ASC, delivery.batch_no DESC
