-- Purpose: the newest persons of the vault, whose values are looked for.
-- Grain: one row a person.
-- Parameters: most.
SELECT DISTINCT v.subject_no
FROM privacy.vault AS v
ORDER BY v.subject_no DESC
LIMIT %(most)s
