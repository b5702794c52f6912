-- Purpose: versions that are no longer what was known move to the history of what was believed
-- (scd.md R8); a current version that merely ends is not superseded.
-- Grain: one row a version.
-- Parameters: run_at; composed of the dimension's key and attributes.
INSERT INTO {superseded} (
    {key}, {surrogate}, {stored}, valid_from, valid_to, is_deleted, is_inferred, version,
    known_from, known_to, reason, delivery_key, record_no, source_line
)
SELECT
    {key_of_d},
    d.{surrogate},
    {stored_of_d},
    d.valid_from,
    d.valid_to,
    d.is_deleted,
    d.is_inferred,
    d.version,
    d.known_from,
    %(run_at)s,
    CASE
        WHEN d.is_inferred AND NOT t.is_inferred THEN 'inferred_upgrade'
        WHEN t.{surrogate} IS NULL THEN 'vanished'
        ELSE 'rewritten'
    END,
    d.delivery_key,
    d.record_no,
    d.source_line
FROM {dim} AS d
INNER JOIN affected_key AS a
    ON {same_affected_d}
LEFT JOIN target AS t
    ON {same_t_d}
        AND t.{surrogate} = d.{surrogate}
WHERE t.{surrogate} IS NULL
    OR t.valid_from <> d.valid_from
    OR {believed_otherwise_t_d}
