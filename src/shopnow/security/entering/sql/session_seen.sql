-- Purpose: a session goes on.
-- Grain: one row.
-- Parameters: digest, now.
UPDATE security.web_session
SET seen_at = %(now)s
WHERE digest = %(digest)s
