-- Purpose: whose the open sessions are.
-- Grain: one row a session.
-- Parameters: none.
SELECT
    session_id,
    role_name
FROM journal.log_session
