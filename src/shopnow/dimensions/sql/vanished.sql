-- Purpose: versions that the fold no longer has: facts bound to them have to follow.
-- Grain: one row a version.
-- Parameters: none; composed of the dimension's key.
CREATE TEMPORARY TABLE vanished ON COMMIT DROP AS
SELECT
    {key_of_d},
    d.{surrogate}
FROM {dim} AS d
INNER JOIN affected_key AS a
    ON {same_affected_d}
WHERE NOT EXISTS (
        SELECT 1
        FROM target AS t
        WHERE {same_t_d}
            AND t.{surrogate} = d.{surrogate}
    )
