-- Purpose: the ticket of an alert that is not closed, held until the transaction ends.
-- Grain: one row at most.
-- Parameters: fingerprint.
SELECT
    ticket_no,
    state
FROM desk.ticket
WHERE
    alert_fingerprint = %(fingerprint)s
    AND state <> 'closed'
FOR UPDATE
