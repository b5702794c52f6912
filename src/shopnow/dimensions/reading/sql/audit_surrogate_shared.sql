-- Purpose: surrogate keys that two members have or had: a key was given twice (scd.md R11).
-- Grain: one row a surrogate key.
-- Parameters: most; {dim}, {superseded}, {surrogate}, {key_of_d}.
SELECT
    string_agg(DISTINCT owned.member, ', ') AS subject,
    owned.surrogate::text AS detail
FROM (
    SELECT
        d.{surrogate} AS surrogate,
        concat_ws('/', {key_of_d}) AS member
    FROM {dim} AS d
    UNION ALL
    SELECT
        d.{surrogate} AS surrogate,
        concat_ws('/', {key_of_d}) AS member
    FROM {superseded} AS d
) AS owned
GROUP BY owned.surrogate
HAVING count(DISTINCT owned.member) > 1
LIMIT %(most)s
