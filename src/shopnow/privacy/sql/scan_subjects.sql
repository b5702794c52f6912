-- Purpose: the persons of the vault, some at a time.
-- Grain: one row a person, in order.
-- Parameters: after (the last one of the part before), most.
SELECT DISTINCT v.subject_no
FROM privacy.vault AS v
WHERE v.subject_no > %(after)s
ORDER BY v.subject_no ASC
LIMIT %(most)s
