-- Purpose: when each treatment last succeeded.
-- Grain: one row a treatment.
SELECT
    t.treatment,
    max(t.ended_at) AS ended_at
FROM privacy.treatment_run AS t
WHERE t.outcome = 'done'
GROUP BY t.treatment
