-- Purpose: what the journal says of a run; messages hold codes and counts, never values.
-- Grain: one row an event.
-- Parameters: run_id, most.
SELECT
    event.ts,
    event.level,
    event.error_code,
    event.message
FROM journal.event AS event
WHERE event.run_id = %(run_id)s
ORDER BY event.event_no
LIMIT %(most)s
