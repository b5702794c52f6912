-- Purpose: how long the six steps took within a day.
-- Grain: one step.
-- Parameters: now.
SELECT
    (ARRAY['lecture', 'contrôle', 'normalisation', 'dimensions', 'faits', 'publication'])[step] AS label,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(EPOCH FROM ended_at - started_at)) AS value,
    max(ended_at) AS observed_at
FROM journal.step
WHERE
    ended_at > %(now)s - make_interval(days => 1)
    AND status = 'END'
GROUP BY step
