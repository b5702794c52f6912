-- Purpose: what a ticket is about happened again.
-- Grain: one row.
-- Parameters: occurrences, ticket_no.
UPDATE desk.ticket
SET occurrences = %(occurrences)s
WHERE ticket_no = %(ticket_no)s
