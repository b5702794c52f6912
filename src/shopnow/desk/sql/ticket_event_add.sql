-- Purpose: something happened to a ticket.
-- Grain: one row.
-- Parameters: actor, at, comment, hold, kind, now, payload, priority, ticket_no.
INSERT INTO desk.ticket_event (
    ticket_no, at, recorded_at, kind, actor, priority, hold, comment, payload
)
VALUES (
    %(ticket_no)s, %(at)s, %(now)s, %(kind)s, %(actor)s, %(priority)s, %(hold)s, %(comment)s,
    %(payload)s
)
