-- Purpose: which of the numbers belong to nobody.
-- Grain: one row; subject_no packs the numbers, 8 bytes each.
SELECT string_agg(int8send(n.subject_no), ''::bytea) AS subject_no
FROM pg_temp.subject_number AS n
WHERE NOT EXISTS (
        SELECT 1 FROM privacy.subject AS s
        WHERE s.subject_no = n.subject_no
    )
