-- Purpose: the oldest visit.
-- Grain: one row.
SELECT min(f.event_at) AS oldest_at
FROM dwh.fact_clickstream AS f
