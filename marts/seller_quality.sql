-- purpose: what became of the deliveries of each sender, and how good they were
-- grain: one sender, one day of receipt in the house zone, one feed
-- owner: data quality
-- freshness: 15 minutes
-- touched: delivery_day
-- parameters: touched_deliveries, zone, batch_no, run_at

DELETE FROM mart.seller_quality AS quality
USING touched_deliveries AS touched
WHERE
    quality.seller_no = touched.sender_no
    AND quality.date_on = touched.date_on
    AND quality.feed = touched.feed;

-- Only deliveries that have come to an end, or wait for a person, have counts that stay. Records
-- that we take in again ourselves were counted when they were sent.
INSERT INTO mart.seller_quality (
    seller_no,
    date_on,
    feed,
    deliveries,
    lines,
    records,
    accepted,
    rejected,
    duplicate,
    unreadable,
    reject_rate_pct,
    judged,
    refused,
    held,
    content,
    touched,
    drifted,
    replayed,
    score,
    batch_no,
    refreshed_at
)
SELECT
    delivery.sender_no,
    touched.date_on,
    delivery.feed,
    count(*) FILTER (WHERE delivery.replay_of IS NULL),
    coalesce(sum(delivery.lines) FILTER (WHERE delivery.replay_of IS NULL), 0),
    coalesce(sum(delivery.records) FILTER (WHERE delivery.replay_of IS NULL), 0),
    coalesce(sum(delivery.accepted) FILTER (WHERE delivery.replay_of IS NULL), 0),
    coalesce(sum(delivery.rejected) FILTER (WHERE delivery.replay_of IS NULL), 0),
    coalesce(sum(delivery.duplicate) FILTER (WHERE delivery.replay_of IS NULL), 0),
    coalesce(sum(delivery.unreadable) FILTER (WHERE delivery.replay_of IS NULL), 0),
    round(
        100.0 * sum(delivery.rejected) FILTER (WHERE delivery.replay_of IS NULL)
        / nullif(sum(delivery.records) FILTER (WHERE delivery.replay_of IS NULL), 0),
        4
    ),
    count(judged.run_id),
    count(judged.refused_code),
    coalesce(sum(delivery.held) FILTER (WHERE delivery.replay_of IS NULL), 0),
    coalesce(sum(judged.lines - judged.blank), 0),
    coalesce(sum(judged.touched), 0),
    coalesce(sum(judged.drifted), 0),
    coalesce(sum(delivery.accepted) FILTER (WHERE delivery.replay_of IS NOT NULL), 0),
    quality.score(
        count(judged.run_id),
        count(judged.refused_code),
        coalesce(sum(judged.lines - judged.blank), 0)::bigint,
        coalesce(sum(judged.unreadable), 0)::bigint,
        coalesce(sum(judged.records), 0)::bigint,
        coalesce(sum(judged.rejected), 0)::bigint,
        coalesce(sum(judged.touched), 0)::bigint
    ),
    %(batch_no)s,
    %(run_at)s
FROM touched_deliveries AS touched
INNER JOIN staging.delivery AS delivery
    ON
        delivery.sender_no = touched.sender_no
        AND delivery.feed = touched.feed
        AND delivery.received_at >= touched.date_on::timestamp AT TIME ZONE %(zone)s
        AND delivery.received_at < (touched.date_on + 1)::timestamp AT TIME ZONE %(zone)s
-- What its newest judgement found.
LEFT JOIN LATERAL (
    SELECT
        one.run_id,
        one.refused_code,
        one.lines,
        one.blank,
        one.unreadable,
        one.records,
        one.rejected,
        one.touched,
        one.drifted
    FROM quality.judgement AS one
    WHERE one.delivery_key = delivery.delivery_key
    ORDER BY one.run_id DESC
    LIMIT 1
) AS judged ON TRUE
WHERE delivery.state IN ('published', 'refused', 'held')
GROUP BY
    delivery.sender_no,
    touched.date_on,
    delivery.feed;
