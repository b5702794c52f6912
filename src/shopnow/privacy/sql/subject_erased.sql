-- Purpose: the persons about whom nothing may be stored any more.
-- Grain: one row; subject_no packs the numbers, 8 bytes each.
SELECT string_agg(int8send(s.subject_no), ''::bytea) AS subject_no
FROM privacy.subject AS s
WHERE s.erased_at IS NOT NULL
