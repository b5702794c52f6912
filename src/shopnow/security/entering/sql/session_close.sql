-- Purpose: a session ends.
-- Grain: one row.
-- Parameters: digest.
DELETE FROM security.web_session
WHERE digest = %(digest)s
