-- Purpose: an account that may not enter any more.
-- Grain: one row.
-- Parameters: login, now.
UPDATE security.web_account
SET suspended_at = %(now)s
WHERE login = %(login)s
