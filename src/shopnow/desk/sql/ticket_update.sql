-- Purpose: what a ticket says of itself follows its events.
-- Grain: one row.
-- Parameters: assignee, breached_at, closed_at, due_at, elapsed_seconds, external_ref, impact,
--   is_met, now, priority, resolved_at, role, state, ticket_no, urgency.
UPDATE desk.ticket
SET
    state = %(state)s,
    priority = %(priority)s,
    impact = coalesce(%(impact)s, impact),
    urgency = coalesce(%(urgency)s, urgency),
    role = coalesce(%(role)s, role),
    assignee = coalesce(%(assignee)s, assignee),
    external_ref = coalesce(%(external_ref)s, external_ref),
    updated_at = %(now)s,
    resolved_at = %(resolved_at)s,
    closed_at = %(closed_at)s,
    due_at = %(due_at)s,
    breached_at = %(breached_at)s,
    elapsed_seconds = %(elapsed_seconds)s,
    is_met = %(is_met)s
WHERE ticket_no = %(ticket_no)s
