-- Purpose: let a person be found by the e-mail address that now stands in the vault.
-- Parameters: email, the attribute's name.
UPDATE privacy.subject AS p
SET email_lookup = s.email_lookup
FROM pg_temp.vault_said AS s
INNER JOIN privacy.vault AS v
    ON
        s.subject_no = v.subject_no
        AND s.attribute = v.attribute
        AND s.value_digest = v.value_digest
WHERE
    p.subject_no = s.subject_no
    AND s.attribute = %(email)s
    AND p.email_lookup IS DISTINCT FROM s.email_lookup
