-- Purpose: the hash of the password of an account that may enter now.
-- Grain: at most one row.
-- Parameters: login, now.
SELECT account.password_hash
FROM security.web_account AS account
WHERE account.login = %(login)s
    AND account.suspended_at IS NULL
    AND (account.expires_at IS NULL OR account.expires_at > %(now)s)
