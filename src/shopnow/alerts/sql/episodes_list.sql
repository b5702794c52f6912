-- Purpose: alerts, those under way first; null asks nothing.
-- Grain: one episode.
-- Parameters: everything, most, rule.
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
    (%(everything)s OR state = 'firing')
    AND (%(rule)s::text IS NULL OR rule = %(rule)s)
    AND (fired_at IS NOT NULL OR state = 'pending')
ORDER BY (state = 'resolved'), priority, alert_no DESC
LIMIT %(most)s
