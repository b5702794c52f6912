-- Purpose: the accounts of the pages that these persons hold, their sessions with them.
-- Grain: one row an account.
DELETE FROM security.web_account AS a
USING pg_temp.erased_person AS p
WHERE a.subject_no = p.subject_no
