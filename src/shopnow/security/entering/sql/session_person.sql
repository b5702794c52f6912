-- Purpose: who holds a session that has not ended, and whether it was last seen a minute ago.
-- Grain: at most one row.
-- Parameters: digest, now, idle_since, opened.
SELECT
    account.login,
    account.role_name,
    account.pool_login,
    session.seen_at < %(now)s::timestamptz - interval '1 minute' AS is_stale
FROM security.web_session AS session
INNER JOIN security.web_account AS account
    ON account.login = session.login
WHERE session.digest = %(digest)s
    AND session.seen_at > %(idle_since)s
    AND session.opened_at > %(opened)s
    AND account.suspended_at IS NULL
    AND (account.expires_at IS NULL OR account.expires_at > %(now)s)
