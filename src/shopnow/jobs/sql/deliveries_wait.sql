-- Purpose: whether a delivery waits for a run; failed ones wait for an hour.
-- Grain: one row.
-- Parameters: now.
SELECT count(*) > 0 AS waits
FROM staging.delivery AS delivery
WHERE
    delivery.state NOT IN ('published', 'refused', 'held', 'failed')
    OR (
        delivery.state = 'failed'
        AND NOT EXISTS (
            SELECT
            FROM journal.step AS step
            WHERE
                step.delivery_key = delivery.delivery_key
                AND step.started_at > %(now)s - make_interval(hours => 1)
        )
    )
