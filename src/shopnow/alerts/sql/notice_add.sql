-- Purpose: a message waits to be sent.
-- Grain: one row.
-- Parameters: alert_nos, body, channel, kind, now, priority, rule, stands_in_for, title.
INSERT INTO journal.alert_notice (
    rule, kind, priority, channel, alert_nos, title, body, queued_at, next_try_at, stands_in_for
)
VALUES (
    %(rule)s, %(kind)s, %(priority)s, %(channel)s, %(alert_nos)s, %(title)s, %(body)s, %(now)s,
    %(now)s, %(stands_in_for)s
)
RETURNING notice_no
