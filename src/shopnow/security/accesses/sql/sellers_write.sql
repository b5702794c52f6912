-- Purpose: whose rows each open access shows. A seller that is not registered here (a restored
-- warehouse may be older than the access) is left out until it is.
-- Grain: one row a role and seller.
-- Parameters: sellers (jsonb array).
INSERT INTO security.seller_access (role_name, seller_no, granted_at, expires_at, suspended)
SELECT
    said.role_name,
    said.seller_no,
    access.granted_at,
    access.expires_at,
    access.suspended
FROM jsonb_to_recordset(%(sellers)s) AS said (role_name text, seller_no integer)
INNER JOIN security.access
    ON access.role_name = said.role_name AND access.revoked_at IS NULL
INNER JOIN security.seller
    ON seller.seller_no = said.seller_no
