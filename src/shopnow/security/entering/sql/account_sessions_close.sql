-- Purpose: the sessions of an account end.
-- Grain: one row a session.
-- Parameters: login.
DELETE FROM security.web_session
WHERE login = %(login)s
