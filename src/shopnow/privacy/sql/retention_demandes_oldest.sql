-- Purpose: the oldest closed request.
-- Grain: one row.
SELECT min(r.closed_at) AS oldest_at
FROM privacy.request AS r
