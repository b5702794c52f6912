-- Purpose: accesses for those who look after them: whom each shows, its state, when it was last used.
-- Grain: one row an access, open ones first.
-- Parameters: now, with_closed, seller (null: of all).
SELECT
    access.role_name,
    access.label,
    access.kind,
    access.member_of,
    access.can_login,
    shown.sellers,
    access.web_login,
    access.granted_at,
    access.expires_at,
    access.password_at,
    access.reviewed_at,
    access.revoked_at,
    CASE
        WHEN access.revoked_at IS NOT NULL THEN 'revoked'
        WHEN access.suspended THEN 'suspended'
        WHEN access.expires_at <= %(now)s THEN 'expired'
        ELSE 'open'
    END AS state,
    used.last_at
FROM security.access
CROSS JOIN
    LATERAL (
        SELECT
            coalesce(
                array_agg(
                    coalesce(known.seller_id, granted.seller_no::text) ORDER BY granted.seller_no
                ),
                '{}'
            ) AS sellers
        FROM security.seller_access AS granted
        LEFT JOIN dwh.dim_seller AS known
            ON known.seller_no = granted.seller_no AND known.is_current
        WHERE granted.role_name = access.role_name
    ) AS shown
LEFT JOIN (
    SELECT
        event.payload ->> 'role' AS role_name,
        max(event.ts) AS last_at
    FROM journal.event
    WHERE event.error_code = 'connection_opened'
    GROUP BY event.payload ->> 'role'
) AS used
    ON used.role_name = access.role_name
WHERE
    (%(with_closed)s OR access.revoked_at IS NULL)
    AND (%(seller)s::text IS NULL OR %(seller)s = ANY(shown.sellers))
ORDER BY
    access.revoked_at IS NOT NULL ASC,
    access.kind ASC,
    access.label ASC
