-- Purpose: the persons who must not come back.
-- Grain: one row a person.
SELECT s.digest
FROM privacy.suppression AS s
