-- Purpose: facts whose member does not exist (foreign keys of facts are NOT ENFORCED).
-- Grain: one row a fact.
-- Parameters: most; {fact}, {dim}, {subject}, {same_version}, {surrogate}.
SELECT
    {subject} AS subject,
    f.{surrogate}::text AS detail
FROM {fact} AS f
LEFT JOIN {dim} AS v
    ON {same_version}
WHERE v.{surrogate} IS NULL
LIMIT %(most)s
