-- Purpose: members without a current version, or with several.
-- Grain: one row a member.
-- Parameters: most; {dim}, {key_of_d}.
SELECT
    concat_ws('/', {key_of_d}) AS subject,
    (count(*) FILTER (WHERE d.is_current))::text AS detail
FROM {dim} AS d
GROUP BY {key_of_d}
HAVING count(*) FILTER (WHERE d.is_current) <> 1
LIMIT %(most)s
