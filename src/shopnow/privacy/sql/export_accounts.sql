-- Purpose: accounts of the pages that some persons hold, for the answer to an access request.
-- Grain: one row an account.
-- Parameters: subjects (bigint[]).
SELECT
    a.login,
    a.made_at,
    a.expires_at,
    a.suspended_at
FROM security.web_account AS a
WHERE a.subject_no = any(%(subjects)s::bigint[])
ORDER BY a.login
