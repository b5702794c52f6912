-- Purpose: members whose versions differ in an attribute of type 0, 1 or 3 (scd.md R10, R16).
-- Grain: one row a member.
-- Parameters: most; {dim}, {key_of_d}, {overwritten} (a row of these attributes).
SELECT
    concat_ws('/', {key_of_d}) AS subject,
    count(DISTINCT {overwritten})::text AS detail
FROM {dim} AS d
GROUP BY {key_of_d}
HAVING count(DISTINCT {overwritten}) > 1
LIMIT %(most)s
