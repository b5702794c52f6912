-- Purpose: migrations applied. Grain: one, as JSON.
SELECT to_jsonb(m) AS state
FROM journal.migration AS m
ORDER BY m.number
