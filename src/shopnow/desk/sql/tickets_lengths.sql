-- Purpose: how long tickets of each priority took that were resolved lately.
-- Grain: one resolved ticket.
-- Parameters: since.
SELECT
    priority,
    elapsed_seconds
FROM desk.ticket
WHERE resolved_at > %(since)s
