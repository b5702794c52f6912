-- Purpose: deliveries that wait for a person.
-- Grain: one row.
-- Parameters: now.
SELECT
    '' AS label,
    count(*) AS value,
    %(now)s AS observed_at
FROM staging.delivery
WHERE state = 'held'
