-- Purpose: a sequence that stands below the mark would give keys a second time (scd.md R11), as after
-- a restore of the wrong day.
-- Grain: one row a sequence, or none.
-- Parameters: most; {dimension_name}, {sequence}.
SELECT
    mark.dimension AS subject,
    format(
        '%%s < %%s', coalesce(pg_sequence_last_value({sequence}::regclass), 0), mark.highest_key
    ) AS detail
FROM history.key_mark AS mark
WHERE mark.dimension = {dimension_name}
    AND coalesce(pg_sequence_last_value({sequence}::regclass), 0) < mark.highest_key
LIMIT %(most)s
