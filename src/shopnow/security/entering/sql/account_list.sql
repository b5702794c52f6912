-- Purpose: the accounts of the pages.
-- Grain: one row an account.
-- Parameters: none.
SELECT
    account.login,
    account.role_name,
    account.made_at,
    account.expires_at,
    account.suspended_at
FROM security.web_account AS account
ORDER BY account.login
