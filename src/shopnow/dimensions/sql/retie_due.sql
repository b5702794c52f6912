-- Purpose: the times at which another version of a member holds than before, or at which something
-- that facts copy differs: the facts of those times are bound anew by a job of its own (scd.md R7).
-- Before its start, the first version holds too. Runs while the dimension stands as it was.
-- Grain: one row a member whose facts have to follow.
-- Parameters: run_at; composed of the dimension's key and of the attributes that facts copy.
INSERT INTO history.retie_due (dimension, seller_no, natural_key, changed, noted_at)
SELECT
    {dimension_name},
    {owner},
    {natural_key},
    range_agg(tstzrange(
        CASE
            WHEN d.version = 1 AND t.version = 1 THEN NULL
            WHEN d.version = 1 THEN t.valid_from
            WHEN t.version = 1 THEN d.valid_from
            ELSE greatest(d.valid_from, t.valid_from)
        END,
        least(d.valid_to, t.valid_to)
    )),
    %(run_at)s
FROM {dim} AS d
INNER JOIN affected_key AS a
    ON {same_affected_d}
INNER JOIN target AS t
    ON {same_t_d}
        AND (t.version = 1 OR t.valid_from < d.valid_to)
        AND (d.version = 1 OR d.valid_from < t.valid_to)
WHERE t.{surrogate} IS DISTINCT FROM d.{surrogate}
    OR {copied_differ_t_d}
GROUP BY {key_of_d}
