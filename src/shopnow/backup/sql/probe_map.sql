-- Purpose: map the probe to a seller, on a throw-away server.
-- Parameters: role_name, seller_no, granted_at.
INSERT INTO security.seller_access (role_name, seller_no, granted_at)
VALUES (%(role_name)s, %(seller_no)s, %(granted_at)s)
