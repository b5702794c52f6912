-- Purpose: how many events are past their time.
-- Grain: one row.
-- Parameters: kept_from.
SELECT count(*) AS events
FROM journal.event AS e
WHERE e.ts < %(kept_from)s
