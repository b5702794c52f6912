-- Purpose: what happened to tickets, in order.
-- Grain: one event.
-- Parameters: ticket_nos.
SELECT
    event_no,
    ticket_no,
    at,
    recorded_at,
    kind,
    actor,
    priority,
    hold,
    comment,
    payload
FROM desk.ticket_event
WHERE ticket_no = ANY(%(ticket_nos)s)
ORDER BY ticket_no, at, event_no
