-- Purpose: registered sellers that the pages have no role for; reserved numbers are no sellers.
-- Grain: one row a seller.
-- Parameters: none.
SELECT
    registered.seller_no,
    coalesce(min(known.seller_id), registered.seller_no::text) AS seller_id
FROM security.seller AS registered
LEFT JOIN security.seller_identifier AS known
    ON known.seller_no = registered.seller_no AND known.valid_to = '9999-12-31 00:00+00'
WHERE
    registered.seller_no > 0
    AND NOT EXISTS (
        SELECT 1
        FROM security.seller_access AS granted
        INNER JOIN security.access
            ON access.role_name = granted.role_name
        WHERE granted.seller_no = registered.seller_no
            AND granted.via_seller_no IS NULL
            AND access.web_login IS NOT NULL
    )
GROUP BY registered.seller_no
ORDER BY registered.seller_no
