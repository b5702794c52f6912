-- Purpose: facts whose own key stands in two partitions: a date is part of the primary key, so the
-- database does not see it.
-- Grain: one row a key.
-- Parameters: most; {fact}, {key_columns}.
SELECT
    concat_ws(' ', {key_columns}) AS subject,
    count(*)::text AS detail
FROM {fact} AS f
GROUP BY {key_columns}
HAVING count(*) > 1
LIMIT %(most)s
