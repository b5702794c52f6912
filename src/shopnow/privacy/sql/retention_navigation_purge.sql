-- Purpose: visits past their time.
-- Grain: one row a visit.
-- Parameters: kept_from.
DELETE FROM dwh.fact_clickstream AS f
WHERE f.event_at < %(kept_from)s
