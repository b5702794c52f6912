-- Purpose: the map of accesses as the database holds it, with the sellers granted to each.
-- Grain: one row an access.
-- Parameters: none.
SELECT
    access.role_name,
    access.label,
    access.kind,
    access.member_of,
    access.can_login,
    access.granted_at,
    (
        SELECT coalesce(array_agg(granted.seller_no ORDER BY granted.seller_no), '{}')
        FROM security.seller_access AS granted
        WHERE granted.role_name = access.role_name AND granted.via_seller_no IS NULL
    ) AS sellers,
    access.web_login,
    access.expires_at,
    access.suspended,
    access.password_at,
    access.reviewed_at,
    access.revoked_at
FROM security.access
