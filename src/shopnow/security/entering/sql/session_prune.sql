-- Purpose: sessions that ended by themselves.
-- Grain: one row a session.
-- Parameters: idle_since, opened.
DELETE FROM security.web_session
WHERE seen_at <= %(idle_since)s
    OR opened_at <= %(opened)s
