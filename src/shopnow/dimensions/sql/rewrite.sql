-- Purpose: versions that stay where they start, where anything of theirs changed.
-- Grain: one row a version.
-- Parameters: run_at; composed of the dimension's key and attributes.
UPDATE {dim} AS d
SET
    valid_to = t.valid_to,
    is_current = (t.valid_to = '9999-12-31 00:00+00'),
    is_deleted = t.is_deleted,
    is_inferred = t.is_inferred,
    version = t.version,
    known_from = CASE WHEN {believed_otherwise_t_d} THEN %(run_at)s ELSE d.known_from END,
    delivery_key = CASE WHEN {believed_otherwise_t_d} THEN t.delivery_key ELSE d.delivery_key END,
    record_no = CASE WHEN {believed_otherwise_t_d} THEN t.record_no ELSE d.record_no END,
    source_line = CASE WHEN {believed_otherwise_t_d} THEN t.source_line ELSE d.source_line END,
    {assignments}
FROM target AS t
WHERE {same_t_d}
    AND t.{surrogate} = d.{surrogate}
    AND t.valid_from = d.valid_from
    AND (
        t.valid_to <> d.valid_to
        OR t.is_deleted <> d.is_deleted
        OR t.version <> d.version
        OR t.is_inferred <> d.is_inferred
        OR {anything_differs_t_d}
    )
