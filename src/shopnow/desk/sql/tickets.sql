-- Purpose: tickets that fit all that is asked; null asks nothing.
-- Grain: one ticket, the most urgent first.
-- Parameters: assignee, fingerprint, most, opened_from, opened_to, priority, states, ticket_no.
SELECT
    ticket_no,
    kind,
    activity,
    title,
    description,
    impact,
    urgency,
    priority,
    state,
    role,
    assignee,
    opened_by,
    opened_at,
    updated_at,
    resolved_at,
    closed_at,
    due_at,
    breached_at,
    elapsed_seconds,
    is_met,
    occurrences,
    alert_fingerprint,
    runbook,
    seller_no,
    run_id,
    delivery_key,
    external_ref
FROM desk.ticket
WHERE
    (%(ticket_no)s::bigint IS NULL OR ticket_no = %(ticket_no)s)
    AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
    AND (%(priority)s::text IS NULL OR priority = %(priority)s)
    AND (%(assignee)s::text IS NULL OR assignee = %(assignee)s OR role = %(assignee)s)
    AND (%(opened_from)s::timestamptz IS NULL OR opened_at >= %(opened_from)s)
    AND (%(opened_to)s::timestamptz IS NULL OR opened_at < %(opened_to)s)
    AND (%(fingerprint)s::text IS NULL OR alert_fingerprint = %(fingerprint)s)
ORDER BY
    priority, due_at NULLS LAST, ticket_no
LIMIT %(most)s
