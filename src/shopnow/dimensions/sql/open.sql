-- Purpose: new versions, and moved ones under the key they had.
-- Grain: one row a version.
-- Parameters: run_at; composed of the dimension's key and attributes.
INSERT INTO {dim} (
    {key}, {surrogate}, {stored}, valid_from, valid_to, is_current, is_deleted, is_inferred, version,
    known_from, delivery_key, record_no, source_line
)
SELECT
    {key_of_t},
    coalesce(t.{surrogate}, nextval({sequence})),
    {stored_of_t},
    t.valid_from,
    t.valid_to,
    t.valid_to = '9999-12-31 00:00+00',
    t.is_deleted,
    t.is_inferred,
    t.version,
    %(run_at)s,
    t.delivery_key,
    t.record_no,
    t.source_line
FROM target AS t
WHERE NOT EXISTS (
        SELECT 1
        FROM {dim} AS d
        WHERE {same_t_d}
            AND d.valid_from = t.valid_from
    )
