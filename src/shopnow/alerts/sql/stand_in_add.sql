-- Purpose: a message goes out by the channel that stands in, unless that one has it already.
-- Grain: one row, or none.
-- Parameters: alert_nos, body, channel, kind, now, priority, queued_at, rule, stands_in_for, title.
INSERT INTO journal.alert_notice (
    rule, kind, priority, channel, alert_nos, title, body, queued_at, next_try_at, stands_in_for
)
SELECT
    %(rule)s,
    %(kind)s,
    %(priority)s,
    %(channel)s,
    %(alert_nos)s,
    %(title)s,
    %(body)s,
    %(now)s,
    %(now)s,
    %(stands_in_for)s
WHERE NOT EXISTS (
        SELECT 1
        FROM journal.alert_notice AS same
        WHERE
            same.rule = %(rule)s
            AND same.kind = %(kind)s
            AND same.queued_at = %(queued_at)s
            AND same.channel = %(channel)s
            AND same.state <> 'failed'
    )
