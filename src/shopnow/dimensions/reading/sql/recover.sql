-- Purpose: versions that the log explains and the dimension lost come back under the key that facts of
-- their time still hold (scd.md, rebuild); the others are given new keys by the engine.
-- Grain: one row a version.
-- Parameters: none; work tables target and held_key; {dim}, {key}, {surrogate}, {stored}, {key_of_t}, {stored_of_t}, {same_n_t}.
INSERT INTO {dim} (
    {key}, {surrogate}, {stored}, valid_from, valid_to, is_current, is_deleted, is_inferred, version,
    known_from, delivery_key, record_no, source_line
)
SELECT DISTINCT ON ({key_of_t}, t.version)
    {key_of_t},
    n.{surrogate},
    {stored_of_t},
    t.valid_from,
    t.valid_to,
    t.valid_to = '9999-12-31 00:00+00',
    t.is_deleted,
    t.is_inferred,
    t.version,
    t.known_from,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM target AS t
INNER JOIN held_key AS n
    ON {same_n_t}
        AND n.last_at < t.valid_to
        AND (t.version = 1 OR t.valid_from <= n.first_at)
WHERE t.{surrogate} IS NULL
ORDER BY {key_of_t}, t.version, n.{surrogate}
