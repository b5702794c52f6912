-- Purpose: the newest number of the journal.
-- Grain: one row.
-- Parameters: none.
SELECT coalesce(max(event_no), 0) FROM journal.event
