-- Purpose: records that a seller sent, by day and outcome, from its first day of a span on.
-- Grain: one row a day and outcome; a day without a delivery has zeros.
-- Parameters: seller_no, days, now, zone.
WITH sent AS (
    SELECT
        (delivery.received_at AT TIME ZONE %(zone)s)::date AS day_on,
        sum(coalesce(delivery.accepted, 0) + coalesce(delivery.duplicate, 0)) AS accepted,
        sum(coalesce(delivery.rejected, 0)) AS rejected
    FROM staging.delivery AS delivery
    WHERE delivery.sender_no = %(seller_no)s
        AND delivery.received_at > %(now)s::timestamptz - make_interval(days => %(days)s)
    GROUP BY day_on
),

span AS (
    SELECT
        min(day_on) AS first_on,
        (%(now)s::timestamptz AT TIME ZONE %(zone)s)::date AS last_on
    FROM sent
)

SELECT
    day.day_on::date AS day,
    counted.outcome,
    coalesce(counted.records, 0)::bigint AS records
FROM span
CROSS JOIN generate_series(span.first_on, span.last_on, INTERVAL '1 day') AS day (day_on)
LEFT JOIN sent
    ON sent.day_on = day.day_on
CROSS JOIN
    LATERAL (
        VALUES
        ('acceptés', sent.accepted),
        ('rejetés', sent.rejected)
    ) AS counted (outcome, records)
ORDER BY day.day_on, counted.outcome
