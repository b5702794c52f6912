-- Purpose: visits past the life of a tracker lose visitor and session.
-- Grain: one row a visit.
-- Parameters: kept_from.
UPDATE dwh.fact_clickstream AS f
SET
    user_ref = NULL,
    session_ref = NULL,
    customer_no = -2
WHERE f.event_at < %(kept_from)s
    AND (f.user_ref IS NOT NULL OR f.session_ref IS NOT NULL)
