-- Purpose: how many roles each login of the pages may take.
-- Grain: one row a login.
-- Parameters: none.
SELECT
    web_login,
    count(*) AS roles
FROM security.access
WHERE web_login IS NOT NULL AND revoked_at IS NULL
GROUP BY web_login
