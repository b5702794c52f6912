-- Purpose: say which person holds an account of the pages.
-- Grain: one row.
-- Parameters: login, subject_no.
UPDATE security.web_account
SET subject_no = %(subject_no)s
WHERE login = %(login)s
