-- Purpose: the versions of a member that were believed once, in the order in which they were given up.
-- Grain: one row a superseded version.
-- Parameters: the key's columns; {superseded}, {surrogate}, {stored}, {is_key}.
SELECT
    d.{surrogate} AS surrogate,
    d.version,
    d.valid_from,
    d.valid_to,
    d.is_deleted,
    d.is_inferred,
    d.known_from,
    d.delivery_key,
    d.source_line,
    d.known_to,
    d.reason,
    {stored}
FROM {superseded} AS d
WHERE {is_key}
ORDER BY d.known_to, d.valid_from
