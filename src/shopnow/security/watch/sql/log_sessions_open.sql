-- Purpose: sessions that were opened.
-- Grain: one row a session.
-- Parameters: arrays of one length: session_ids, role_names, opened_ats.
INSERT INTO journal.log_session (session_id, role_name, opened_at)
SELECT
    opened.session_id,
    opened.role_name,
    opened.opened_at
FROM unnest(
        %(session_ids)s::text[], %(role_names)s::text[], %(opened_ats)s::timestamptz[]
    ) AS opened (session_id, role_name, opened_at)
ON CONFLICT (session_id) DO NOTHING
