-- Purpose: alerts that are not over.
-- Grain: one episode.
-- Parameters: none.
SELECT
    alert_no,
    fingerprint,
    rule,
    label,
    priority,
    state,
    message,
    value,
    since,
    last_at,
    good_since,
    fired_at,
    resolved_at,
    occurrences,
    inhibited_by,
    notified_at,
    resolve_notified_at,
    escalated_at,
    acknowledged_at,
    acknowledged_by,
    ticket_no,
    seller_no,
    run_id,
    delivery_key
FROM journal.alert
WHERE
    state <> 'resolved'
    OR (resolve_notified_at IS NULL AND notified_at IS NOT NULL)
ORDER BY alert_no
