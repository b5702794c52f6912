-- Purpose: messages to be sent now, held while they are.
-- Grain: one message.
-- Parameters: now.
SELECT
    notice_no,
    rule,
    kind,
    priority,
    channel,
    alert_nos,
    title,
    body,
    queued_at,
    attempts,
    stands_in_for
FROM journal.alert_notice
WHERE
    state = 'queued'
    AND next_try_at <= %(now)s
ORDER BY priority, notice_no
LIMIT 1
FOR UPDATE SKIP LOCKED
