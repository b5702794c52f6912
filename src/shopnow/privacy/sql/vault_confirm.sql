-- Purpose: a value said again later stays sealed as it is, only the time at which it was last said
-- moves: without it a late statement between the two would win, and arrival order would show.
UPDATE privacy.vault AS v
SET said_at = s.said_at
FROM pg_temp.vault_said AS s
WHERE
    v.subject_no = s.subject_no
    AND v.attribute = s.attribute
    AND v.value_digest = s.value_digest
    AND v.said_at < s.said_at
