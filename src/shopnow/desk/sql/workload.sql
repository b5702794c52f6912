-- Purpose: open tickets of each seat.
-- Grain: one seat of a role that has any.
-- Parameters: none.
SELECT
    role,
    assignee,
    count(*) FILTER (WHERE priority = 'P1') AS p1,
    count(*) FILTER (WHERE priority = 'P2') AS p2,
    count(*) FILTER (WHERE priority = 'P3') AS p3,
    count(*) AS open_tickets
FROM desk.ticket
WHERE state IN ('assigned', 'in_progress', 'waiting')
GROUP BY role, assignee
ORDER BY role, assignee
