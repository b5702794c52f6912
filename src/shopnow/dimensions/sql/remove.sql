-- Purpose: versions that vanish, and those whose start moves (they come back with their key).
-- Grain: one row a version.
-- Parameters: none; composed of the dimension's key.
DELETE FROM {dim} AS d
USING affected_key AS a
WHERE {same_affected_d}
    AND NOT EXISTS (
        SELECT 1
        FROM target AS t
        WHERE {same_t_d}
            AND t.{surrogate} = d.{surrogate}
            AND t.valid_from = d.valid_from
    )
