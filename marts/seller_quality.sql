-- purpose: what became of the deliveries of each sender
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

-- Only deliveries that have come to an end, or wait for a person, have counts that stay.
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
    batch_no,
    refreshed_at
)
SELECT
    delivery.sender_no,
    touched.date_on,
    delivery.feed,
    count(*),
    coalesce(sum(delivery.lines), 0),
    coalesce(sum(delivery.records), 0),
    coalesce(sum(delivery.accepted), 0),
    coalesce(sum(delivery.rejected), 0),
    coalesce(sum(delivery.duplicate), 0),
    coalesce(sum(delivery.unreadable), 0),
    round(100.0 * sum(delivery.rejected) / nullif(sum(delivery.records), 0), 4),
    %(batch_no)s,
    %(run_at)s
FROM staging.delivery AS delivery
INNER JOIN touched_deliveries AS touched
    ON
        delivery.sender_no = touched.sender_no
        AND delivery.feed = touched.feed
        AND (delivery.received_at AT TIME ZONE %(zone)s)::date = touched.date_on
WHERE delivery.state IN ('published', 'refused', 'held')
GROUP BY
    delivery.sender_no,
    touched.date_on,
    delivery.feed;
