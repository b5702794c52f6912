-- Purpose: one ticket, held until the transaction ends.
-- Grain: one row.
-- Parameters: ticket_no.
SELECT ticket_no FROM desk.ticket
WHERE ticket_no = %(ticket_no)s
FOR UPDATE
