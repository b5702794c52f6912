-- Purpose: tickets of alerts that stayed quiet long enough after they recovered.
-- Grain: one ticket.
-- Parameters: resolved_before.
SELECT ticket_no
FROM desk.ticket
WHERE
    state = 'resolved'
    AND alert_fingerprint IS NOT NULL
    AND resolved_at <= %(resolved_before)s
ORDER BY ticket_no
FOR UPDATE
