-- Purpose: rows of the map of sellers that no open access stands for, or that say of it something
-- else: somebody wrote them past the commands.
-- Grain: one row a role and seller.
-- Parameters: none.
SELECT
    granted.role_name,
    granted.seller_no
FROM security.seller_access AS granted
LEFT JOIN security.access
    ON access.role_name = granted.role_name AND access.revoked_at IS NULL
WHERE
    access.role_name IS NULL
    OR access.suspended <> granted.suspended
    OR access.expires_at IS DISTINCT FROM granted.expires_at
