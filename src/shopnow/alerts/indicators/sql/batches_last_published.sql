-- Purpose: the last load that brought facts of each feed, and when it was published.
-- Grain: one feed.
-- Parameters: none; however long ago it was, a mart that has not followed it is late.
SELECT
    feeds.feed,
    last_load.batch_no,
    step.ended_at AS published_at
FROM (
    SELECT DISTINCT published.feed
    FROM journal.published AS published
) AS feeds
CROSS JOIN
    LATERAL (
        SELECT delivery.batch_no
        FROM staging.delivery AS delivery
        WHERE
            delivery.feed = feeds.feed
            AND delivery.state = 'published'
            AND delivery.accepted > 0
        ORDER BY delivery.batch_no DESC
        LIMIT 1
    ) AS last_load
INNER JOIN journal.step AS step
    ON
        last_load.batch_no = step.batch_no
        AND step.step = 6
        AND step.status = 'END'
