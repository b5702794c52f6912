-- Purpose: how long deliveries of a day waited until they were published.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    percentile_cont(0.95) WITHIN GROUP (
        ORDER BY extract(EPOCH FROM step.ended_at - delivery.received_at) / 60
    ) AS value,
    max(step.ended_at) AS observed_at
FROM staging.delivery AS delivery
INNER JOIN journal.step AS step
    ON
        delivery.batch_no = step.batch_no
        AND step.step = 6
        AND step.status = 'END'
WHERE
    step.ended_at > %(now)s - make_interval(days => 1)
    AND delivery.state = 'published'
