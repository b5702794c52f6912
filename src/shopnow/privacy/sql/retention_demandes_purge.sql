-- Purpose: closed requests past their time.
-- Grain: one row a request.
-- Parameters: kept_from.
DELETE FROM privacy.request AS r
WHERE r.closed_at < %(kept_from)s
