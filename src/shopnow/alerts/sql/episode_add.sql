-- Purpose: an alert begins.
-- Grain: one row.
-- Parameters: delivery_key, fingerprint, fired_at, good_since, label, last_at, message,
--   occurrences, priority, rule, run_id, seller_no, since, state, value.
INSERT INTO journal.alert (
    fingerprint, rule, label, priority, state, message, value, since, last_at, good_since,
    fired_at, occurrences, seller_no, run_id, delivery_key
)
VALUES (
    %(fingerprint)s, %(rule)s, %(label)s, %(priority)s, %(state)s, %(message)s, %(value)s,
    %(since)s, %(last_at)s, %(good_since)s, %(fired_at)s, %(occurrences)s, %(seller_no)s,
    %(run_id)s, %(delivery_key)s
)
RETURNING alert_no
