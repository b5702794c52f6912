-- Purpose: the sellers of some roles, and of roles that are no open access, before they are written.
-- Grain: none.
-- Parameters: roles (text[]).
DELETE FROM security.seller_access AS granted
WHERE granted.role_name = ANY(%(roles)s)
    OR NOT EXISTS (
        SELECT 1
        FROM security.access
        WHERE access.role_name = granted.role_name AND access.revoked_at IS NULL
    )
