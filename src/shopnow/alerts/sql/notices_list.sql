-- Purpose: messages about an alert.
-- Grain: one message.
-- Parameters: alert_no.
SELECT
    notice_no,
    rule,
    kind,
    priority,
    channel,
    title,
    queued_at,
    state,
    attempts,
    done_at,
    stands_in_for
FROM journal.alert_notice
WHERE %(alert_no)s = ANY(alert_nos)
ORDER BY notice_no
