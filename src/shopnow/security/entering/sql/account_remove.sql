-- Purpose: an account goes, its sessions with it.
-- Grain: one row.
-- Parameters: login.
DELETE FROM security.web_account
WHERE login = %(login)s
