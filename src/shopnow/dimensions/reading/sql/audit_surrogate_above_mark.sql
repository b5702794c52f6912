-- Purpose: surrogate keys above the mark of those that were given: the sequence did not give them, and
-- will give them again (scd.md R11).
-- Grain: one row a version.
-- Parameters: most; {dim}, {surrogate}, {key_of_d}, {dimension_name}, {sequence}.
SELECT
    concat_ws('/', {key_of_d}) AS subject,
    format('%%s > %%s', d.{surrogate}, bound.highest_key) AS detail
FROM {dim} AS d
CROSS JOIN (
    SELECT
        coalesce(
            (
                SELECT mark.highest_key
                FROM history.key_mark AS mark
                WHERE mark.dimension = {dimension_name}
            ),
            pg_sequence_last_value({sequence}::regclass),
            0
        ) AS highest_key
) AS bound
WHERE d.{surrogate} > bound.highest_key
LIMIT %(most)s
