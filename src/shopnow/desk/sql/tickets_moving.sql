-- Purpose: tickets whose clock runs and may have broken its promise since it was looked at.
-- Grain: one ticket.
-- Parameters: now.
SELECT ticket_no
FROM desk.ticket
WHERE
    state IN ('assigned', 'in_progress')
    AND due_at <= %(now)s
    AND breached_at IS NULL
ORDER BY ticket_no
