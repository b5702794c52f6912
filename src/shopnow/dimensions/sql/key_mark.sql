-- Purpose: the highest surrogate key that may have been given, so that none is ever given twice
-- (scd.md R11); nothing is written while the mark stands.
-- Grain: one row a dimension.
-- Parameters: run_at; {dimension_name}, {sequence}.
INSERT INTO history.key_mark AS kept (dimension, marked_at, highest_key)
SELECT
    {dimension_name},
    %(run_at)s,
    pg_sequence_last_value({sequence}::regclass)
WHERE pg_sequence_last_value({sequence}::regclass) IS NOT NULL
ON CONFLICT (dimension) DO UPDATE
    SET marked_at = excluded.marked_at, highest_key = excluded.highest_key
    WHERE kept.highest_key < excluded.highest_key
