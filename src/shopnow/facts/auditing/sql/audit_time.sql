-- Purpose: facts bound to a version that does not hold at their time, unless they are older than all
-- that is known of the member and bound to its first version (scd.md R7). Facts on the work list of
-- the job that binds them anew are left out: they follow.
-- Grain: one row a fact.
-- Parameters: most; {fact}, {dim}, {time}, {subject}, {same_version}, {dimension_name}, {owner}, {natural_key}.
SELECT
    {subject} AS subject,
    format('%%s ∉ [%%s, %%s)', f.{time}, v.valid_from, v.valid_to) AS detail
FROM {fact} AS f
INNER JOIN {dim} AS v
    ON {same_version}
WHERE (f.{time} >= v.valid_to OR (f.{time} < v.valid_from AND v.version > 1))
    AND NOT EXISTS (
        SELECT 1
        FROM history.retie_due AS due
        WHERE due.dimension = {dimension_name}
            AND due.seller_no = {owner}
            AND due.natural_key = {natural_key}
            AND due.changed @> f.{time}
    )
LIMIT %(most)s
