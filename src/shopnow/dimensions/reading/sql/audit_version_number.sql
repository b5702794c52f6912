-- Purpose: versions that are not numbered from 1 in the order of their time.
-- Grain: one row a version.
-- Parameters: most; {dim}, {key_of_d}.
SELECT
    numbered.member AS subject,
    format('%%s ≠ %%s', numbered.version, numbered.place) AS detail
FROM (
    SELECT
        concat_ws('/', {key_of_d}) AS member,
        d.version,
        row_number() OVER (PARTITION BY {key_of_d} ORDER BY d.valid_from) AS place
    FROM {dim} AS d
) AS numbered
WHERE numbered.version <> numbered.place
LIMIT %(most)s
