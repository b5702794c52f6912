-- Purpose: a ticket begins.
-- Grain: one row.
-- Parameters: activity, alert_fingerprint, assignee, at, delivery_key, description, impact,
--   kind, now, occurrences, opened_by, priority, role, run_id, runbook, seller_no, title,
--   urgency.
INSERT INTO desk.ticket (
    kind, activity, title, description, impact, urgency, priority, state, role, assignee,
    opened_by, opened_at, updated_at, occurrences, alert_fingerprint, runbook, seller_no, run_id,
    delivery_key
)
VALUES (
    %(kind)s, %(activity)s, %(title)s, %(description)s, %(impact)s, %(urgency)s, %(priority)s,
    'assigned', %(role)s, %(assignee)s, %(opened_by)s, %(at)s, %(now)s, %(occurrences)s,
    %(alert_fingerprint)s, %(runbook)s, %(seller_no)s, %(run_id)s, %(delivery_key)s
)
ON CONFLICT (alert_fingerprint) WHERE alert_fingerprint IS NOT NULL AND state <> 'closed'
DO NOTHING
RETURNING ticket_no
