-- Purpose: the oldest visit that still holds a visitor or a session.
-- Grain: one row.
SELECT min(f.event_at) AS oldest_at
FROM dwh.fact_clickstream AS f
WHERE f.user_ref IS NOT NULL
    OR f.session_ref IS NOT NULL
