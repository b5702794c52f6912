-- Purpose: the numbers of the persons asked for.
-- Grain: one row; place and subject_no pack the numbers, 8 bytes each, in one order.
SELECT
    string_agg(int8send(w.place), ''::bytea) AS place,
    string_agg(int8send(s.subject_no), ''::bytea) AS subject_no
FROM pg_temp.subject_wanted AS w
INNER JOIN privacy.subject AS s ON w.lookup = s.lookup
