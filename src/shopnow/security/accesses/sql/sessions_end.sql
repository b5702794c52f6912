-- Purpose: end the sessions that some roles opened; by number, because a role that was dropped has
-- no name any more.
-- Grain: one row a session.
-- Parameters: numbers (oid[]).
SELECT pg_terminate_backend(session.pid) AS ended
FROM pg_catalog.pg_stat_activity AS session
WHERE session.usesysid = ANY(%(numbers)s::oid[])
