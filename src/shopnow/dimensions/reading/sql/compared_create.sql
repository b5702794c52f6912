-- Purpose: the dimension beside what its log says it should be; the work tables affected_key and
-- target hold the latter. Equal versions are counted, not kept.
-- Grain: one row a version that differs; verdict: kept (one row with their count), missing, changed, unexplained.
-- Parameters: none; {dim}, {key_of_d}, {key_of_t}, {same_t_d}, {same_affected_d}, {surrogate}, {changed_columns}.
CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
SELECT
    CASE
        WHEN t.{surrogate} IS NULL THEN 'unexplained'
        WHEN concat_ws(', ', {changed_columns}) = '' THEN 'kept'
        ELSE 'changed'
    END AS verdict,
    concat_ws('/', {key_of_d}) AS subject,
    d.valid_from,
    CASE WHEN t.{surrogate} IS NOT NULL THEN concat_ws(', ', {changed_columns}) END AS changed
FROM {dim} AS d
INNER JOIN affected_key AS a
    ON {same_affected_d}
LEFT JOIN target AS t
    ON {same_t_d}
        AND t.{surrogate} = d.{surrogate}
UNION ALL
SELECT
    'missing' AS verdict,
    concat_ws('/', {key_of_t}) AS subject,
    t.valid_from,
    NULL AS changed
FROM target AS t
WHERE t.{surrogate} IS NULL
