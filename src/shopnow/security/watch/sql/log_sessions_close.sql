-- Purpose: sessions that ended, with the server's last end too.
-- Grain: one row a session.
-- Parameters: session_ids, restarted_at (null: the server did not start again).
DELETE FROM journal.log_session
WHERE session_id = ANY(%(session_ids)s::text[])
    OR opened_at < %(restarted_at)s::timestamptz
