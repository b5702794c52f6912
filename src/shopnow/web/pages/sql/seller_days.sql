-- Purpose: records that a seller sent, by day and outcome.
-- Grain: one row a day and outcome.
-- Parameters: seller_no, days, now, zone.
SELECT
    (delivery.received_at AT TIME ZONE %(zone)s)::date AS day,
    counted.outcome,
    sum(counted.records)::bigint AS records
FROM staging.delivery AS delivery
CROSS JOIN
    LATERAL (
        VALUES
        ('acceptés', coalesce(delivery.accepted, 0) + coalesce(delivery.duplicate, 0)),
        ('rejetés', coalesce(delivery.rejected, 0))
    ) AS counted (outcome, records)
WHERE delivery.sender_no = %(seller_no)s
    AND delivery.received_at > %(now)s::timestamptz - make_interval(days => %(days)s)
GROUP BY day, counted.outcome
HAVING sum(counted.records) > 0
ORDER BY day, counted.outcome
