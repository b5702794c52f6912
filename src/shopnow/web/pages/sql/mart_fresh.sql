-- Purpose: when a mart last changed.
-- Grain: one row.
-- Parameters: {mart}.
SELECT max(told.refreshed_at) AS refreshed_at
FROM {mart} AS told
