-- Purpose: an alert goes on.
-- Grain: one row.
-- Parameters: alert_no, delivery_key, escalated_at, fired_at, good_since, inhibited_by,
--   last_at, message, notified_at, occurrences, resolve_notified_at, resolved_at, run_id,
--   seller_no, state, ticket_no, value.
UPDATE journal.alert
SET
    state = %(state)s,
    message = %(message)s,
    value = %(value)s,
    last_at = %(last_at)s,
    good_since = %(good_since)s,
    fired_at = %(fired_at)s,
    resolved_at = %(resolved_at)s,
    occurrences = %(occurrences)s,
    inhibited_by = %(inhibited_by)s,
    notified_at = %(notified_at)s,
    resolve_notified_at = %(resolve_notified_at)s,
    escalated_at = %(escalated_at)s,
    ticket_no = %(ticket_no)s,
    seller_no = %(seller_no)s,
    run_id = %(run_id)s,
    delivery_key = %(delivery_key)s
WHERE alert_no = %(alert_no)s
