-- Purpose: how far the journal was read; whoever holds it is alone in judging alerts.
-- Grain: one row.
-- Parameters: none.
SELECT
    last_event_no,
    missing
FROM journal.alert_cursor
FOR UPDATE
