-- Purpose: somebody took note of an alert.
-- Grain: one row where it is under way and nobody had.
-- Parameters: alert_no, now, who.
UPDATE journal.alert
SET
    acknowledged_at = %(now)s,
    acknowledged_by = %(who)s
WHERE
    alert_no = %(alert_no)s
    AND state <> 'resolved'
    AND acknowledged_at IS NULL
RETURNING alert_no, ticket_no
