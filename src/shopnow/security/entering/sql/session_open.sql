-- Purpose: a session begins.
-- Grain: one row.
-- Parameters: digest, login, now.
INSERT INTO security.web_session (digest, login, opened_at, seen_at)
VALUES (%(digest)s, %(login)s, %(now)s, %(now)s)
