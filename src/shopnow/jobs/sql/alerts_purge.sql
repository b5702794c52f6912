-- Purpose: messages about alerts that ended long ago.
-- Grain: one message.
-- Parameters: before.
DELETE FROM journal.alert_notice
WHERE
    done_at < %(before)s
    AND state <> 'queued'
