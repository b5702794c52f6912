-- Who holds an account of the pages: a person like any other, in the vault alone. The account says
-- which; erasing the person takes the account with it.
ALTER TABLE security.web_account ADD COLUMN subject_no bigint;
CREATE INDEX web_account_subject_idx ON security.web_account (subject_no)
WHERE subject_no IS NOT NULL;
COMMENT ON COLUMN security.web_account.subject_no IS
'Titulaire, dont le nom et l''adresse sont au coffre (privacy.subject) ; vide : non dit.';
