-- Purpose: the statements that win over what the vault holds, and so are worth encrypting.
-- Grain: one row; statement_no packs the numbers, 8 bytes each.
SELECT string_agg(int8send(s.statement_no), ''::bytea) AS statement_no
FROM pg_temp.vault_said AS s
INNER JOIN privacy.subject AS p ON s.subject_no = p.subject_no
WHERE
    p.erased_at IS NULL
    AND NOT EXISTS (
        SELECT 1
        FROM privacy.vault AS v
        WHERE
            v.subject_no = s.subject_no
            AND v.attribute = s.attribute
            AND (v.said_at, v.value_digest) >= (s.said_at, s.value_digest)
    )
