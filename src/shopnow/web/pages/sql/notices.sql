-- Purpose: the last messages about alerts.
-- Grain: one row a message and channel.
-- Parameters: most.
SELECT
    notice.queued_at,
    notice.channel,
    notice.title,
    notice.state,
    notice.attempts
FROM journal.alert_notice AS notice
ORDER BY notice.notice_no DESC
LIMIT %(most)s
