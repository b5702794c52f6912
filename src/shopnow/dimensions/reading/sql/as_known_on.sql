-- Purpose: the version of a member that was believed, on one day, to hold at another.
-- Grain: one row, or none.
-- Parameters: the key's columns, as_of, known_on (timestamptz); {function}, {surrogate}, {stored}, {arguments}.
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
FROM {function}({arguments}, %(as_of)s, %(known_on)s) AS d
