-- Purpose: sellers without any access, where the declaration gives each one: registered, standing for
-- itself (not merged into another), not closed. Reserved numbers are no sellers.
-- Grain: one row a seller.
-- Parameters: shown_out (integer[]), those whose access was taken back.
SELECT
    registered.seller_no,
    coalesce(min(known.seller_id), registered.seller_no::text) AS seller_id
FROM security.seller AS registered
LEFT JOIN security.seller_identifier AS known
    ON known.seller_no = registered.seller_no AND known.valid_to = '9999-12-31 00:00+00'
WHERE
    registered.seller_no > 0
    AND registered.seller_no <> ALL(%(shown_out)s::integer[])
    AND NOT EXISTS (
        SELECT 1
        FROM security.seller_access AS granted
        INNER JOIN security.access
            ON access.role_name = granted.role_name AND access.revoked_at IS NULL
        WHERE granted.seller_no = registered.seller_no
            AND granted.via_seller_no IS NULL
            AND access.web_login IS NOT NULL
    )
    AND NOT EXISTS (
        SELECT 1
        FROM security.seller_bridge AS bridge
        WHERE bridge.seller_no = registered.seller_no
            AND bridge.valid_to = '9999-12-31 00:00+00'
    )
    AND NOT EXISTS (
        SELECT 1
        FROM dwh.dim_seller AS version
        WHERE version.seller_no = registered.seller_no
            AND version.is_current
            AND (version.status = 'closed' OR version.is_deleted)
    )
GROUP BY registered.seller_no
ORDER BY registered.seller_no
