-- Purpose: the time that the batch's clicks span.
-- Grain: one row.
-- Parameters: deliveries (bigint[]).
SELECT
    min(click.event_at) AS first_at,
    max(click.event_at) AS last_at
FROM staging.click_row AS click
WHERE click.delivery_key = any(%(deliveries)s)
