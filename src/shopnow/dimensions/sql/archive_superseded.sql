-- Purpose: old versions are not kept as what was believed either: their time is over.
-- Grain: one row a version.
-- Parameters: run_at; {superseded}, {same_affected_d}.
DELETE FROM {superseded} AS d
USING archived AS a
WHERE {same_affected_d}
    AND (d.known_to = %(run_at)s OR d.valid_to <= a.last_from)
