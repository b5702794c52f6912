-- Purpose: an account, or a new password and role for one that is there.
-- Grain: one row.
-- Parameters: login, password_hash, role_name, pool_login, made_at, expires_at.
INSERT INTO security.web_account AS account (
    login, password_hash, role_name, pool_login, made_at, expires_at
)
VALUES (
    %(login)s, %(password_hash)s, %(role_name)s, %(pool_login)s, %(made_at)s, %(expires_at)s
)
ON CONFLICT (login)
DO UPDATE
    SET
        password_hash = excluded.password_hash,
        role_name = excluded.role_name,
        pool_login = excluded.pool_login,
        expires_at = excluded.expires_at,
        suspended_at = NULL
