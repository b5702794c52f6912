-- Purpose: versions that last no time, or whose is_current contradicts their end.
-- Grain: one row a version.
-- Parameters: most; {dim}, {key_of_d}.
SELECT
    concat_ws('/', {key_of_d}) AS subject,
    format('%%s → %%s', d.valid_from, d.valid_to) AS detail
FROM {dim} AS d
WHERE d.valid_from >= d.valid_to
    OR d.is_current <> (d.valid_to = '9999-12-31 00:00+00')
LIMIT %(most)s
