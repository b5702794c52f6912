-- Purpose: when each treatment of personal data last succeeded.
-- Grain: one row a treatment.
-- Parameters: none.
SELECT
    done.treatment,
    max(done.ended_at) AS ended_at
FROM privacy.treatment_run AS done
WHERE done.outcome = 'done'
GROUP BY done.treatment
