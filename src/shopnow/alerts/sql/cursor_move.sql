-- Purpose: the journal was read up to here.
-- Grain: one row.
-- Parameters: last_event_no, missing.
UPDATE journal.alert_cursor
SET
    last_event_no = %(last_event_no)s,
    missing = %(missing)s
