-- Purpose: accesses as the ledger says they are.
-- Grain: one row an access.
-- Parameters: accesses (jsonb array).
INSERT INTO security.access (
    role_name, label, kind, member_of, can_login, web_login, granted_at, expires_at, suspended,
    password_at, reviewed_at, revoked_at
)
SELECT
    said.role_name,
    said.label,
    said.kind,
    said.member_of,
    said.can_login,
    said.web_login,
    said.granted_at,
    said.expires_at,
    said.suspended,
    said.password_at,
    said.reviewed_at,
    said.revoked_at
FROM jsonb_to_recordset(%(accesses)s) AS said (
        role_name text,
        label text,
        kind text,
        member_of text,
        can_login boolean,
        web_login text,
        granted_at timestamptz,
        expires_at timestamptz,
        suspended boolean,
        password_at timestamptz,
        reviewed_at timestamptz,
        revoked_at timestamptz
    )
ON CONFLICT (role_name) DO UPDATE
    SET
        label = excluded.label,
        kind = excluded.kind,
        member_of = excluded.member_of,
        can_login = excluded.can_login,
        web_login = excluded.web_login,
        granted_at = excluded.granted_at,
        expires_at = excluded.expires_at,
        suspended = excluded.suspended,
        password_at = excluded.password_at,
        reviewed_at = excluded.reviewed_at,
        revoked_at = excluded.revoked_at
