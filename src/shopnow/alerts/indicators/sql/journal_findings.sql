-- Purpose: findings of the last comparison of the journal with its seals.
-- Grain: one row, none before the first comparison.
-- Parameters: now.
SELECT
    '' AS label,
    (payload ->> 'findings')::double precision AS value,
    ts AS observed_at
FROM journal.event
WHERE
    error_code = 'journal_proved'
    AND ts > %(now)s - make_interval(days => 8)
ORDER BY ts DESC
LIMIT 1
