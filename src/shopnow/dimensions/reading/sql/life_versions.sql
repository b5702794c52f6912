-- Purpose: the versions of a member as they stand, the oldest first.
-- Grain: one row a version.
-- Parameters: the key's columns; {dim}, {surrogate}, {stored}, {is_key}.
SELECT
    d.{surrogate} AS surrogate,
    d.version,
    d.valid_from,
    d.valid_to,
    d.is_deleted,
    d.is_inferred,
    d.known_from,
    d.delivery_key,
    d.record_no,
    d.source_line,
    {stored}
FROM {dim} AS d
WHERE {is_key}
ORDER BY d.valid_from
